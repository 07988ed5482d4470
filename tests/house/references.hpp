// The checklists of docs/security: what they name as proof exists.
#pragma once
#include "tree.hpp"

namespace shoumen::house {

// Text between backticks that ends in a file's name, as `service/tls_test.cpp` or `gate.cpp#lacks_csrf_header`, is the
// end of a file's path; what stands behind # (words of a test's name, or a name in the code) is in one such file.
Findings check_references(const Tree& tree, std::string_view folder);

// A checklist: rows of tables whose first cell is a number of the standard, each number once, and whose third is one of
// `states`; and a line `| state | count |` for each of these, which says how many there are.
Findings check_checklist(const File& file, const std::vector<std::string>& states);

// Who reaches out: source files that open a connection to somebody else, beyond those named.
Findings check_outgoing(const Tree& tree, const std::vector<std::string>& known);

}  // namespace shoumen::house

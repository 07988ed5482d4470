// The documents: links that lead somewhere, and two front pages that say the same.
#pragma once
#include "tree.hpp"

namespace shoumen::house {

// Each link of a Markdown file to a file of the repository: it exists.
Findings check_links(const Tree& tree);

// README.md and README.zh-CN.md hold the same code blocks in the same order. Comments may be in either language, and
// so may drawings (blocks marked text or mermaid).
Findings check_front_pages(const Tree& tree);

}  // namespace shoumen::house

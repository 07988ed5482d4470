// Checking a ledger from files alone: receipts, checkpoints, and exported directories ("shoumen ledger export") with
// tiles and the rows that the leaves commit to. What shoumen-verify and `shoumen ledger verify` do.
//
// A directory holds: keys (the log's public keys, a line each), checkpoint (the newest), checkpoints/<size> (those that
// were kept), tile/… , acts and batches (a line a row, in the order of their leaves). All of it may come from whoever
// wants to deceive: nothing is believed that no signature and no hash stands for.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "prove/leaf.hpp"

namespace shoumen::prove {

struct Request {
    std::vector<std::string> keys;   // files of public keys: of the log and of witnesses
    std::vector<std::string> files;  // receipts, checkpoints, directories
    bool quiet = false;              // findings alone
};

struct Report {
    std::vector<std::string> lines;  // for people, in the order in which things were looked at
    std::size_t findings = 0;
    bool ran = true;  // false: a file could not be read, or there was nothing to check

    [[nodiscard]] int exit_code() const { return !ran ? 2 : findings > 0 ? 1 : 0; }
};

Report audit(const Request& request);
int run_verify(const std::vector<std::string>& arguments);  // writes to stdout; the program's exit code

// Rows of acts and batches.
std::string row_line(std::uint64_t leaf, const Act& act);
std::string row_line(std::uint64_t leaf, const BatchMark& batch);
struct Row {
    std::uint64_t leaf = 0;
    bool is_act = false;
    Act act;
    BatchMark batch;
};
base::Result<Row> parse_row(std::string_view line, bool is_act);  // code bad-row

}  // namespace shoumen::prove

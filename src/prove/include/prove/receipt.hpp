// A receipt: an act with its salt, its place in the ledger, the proof that it stands there, and a signed checkpoint.
// Whoever holds one and the log's public key needs nobody else to check it. Two forms: lines of text, and a short one
// for a QR code, in the characters such a code packs best ("SHOUMEN1:" and Base45).
//
// Both are read from files of anybody: bounded, and never throw.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "prove/checkpoint.hpp"
#include "prove/leaf.hpp"
#include "prove/proof.hpp"

namespace shoumen::prove {

struct Receipt {
    Act act;  // of one that has been erased: shard and id alone
    bool erased = false;
    Digest leaf{};  // of one that has been erased
    std::uint64_t index = 0;
    Proof proof;
    Note checkpoint;
    bool operator==(const Receipt&) const = default;
};

std::string to_text(const Receipt& receipt);
base::Result<Receipt> parse_receipt(std::string_view bytes);  // either form; code bad-receipt
// One signature of the log (Ed25519 where there is one) and those of witnesses. none: the checkpoint has lines that
// the short form does not keep.
std::optional<std::string> to_short(const Receipt& receipt);
bool looks_like_receipt(std::string_view bytes);

// Codes: those of open_checkpoint; not-included (the act was changed, or is of another tree).
struct Proven {
    Checkpoint checkpoint;
    std::vector<PublicKey> by;
    std::vector<Witnessed> witnesses;
};
base::Result<Proven> verify(const Receipt& receipt, const std::vector<PublicKey>& keys);

// One line for a text of any kind, and back: control characters and backslashes are written as \n, \\ and \x1f.
std::string escaped(std::string_view text);
std::optional<std::string> unescaped(std::string_view line);

}  // namespace shoumen::prove

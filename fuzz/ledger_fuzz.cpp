// What room prove reads from files and lines of anybody: notes, checkpoints, keys, receipts in both forms, paths of
// tiles, rows of an export. Nothing may crash or throw, and what is accepted is written again as it was.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "prove/audit.hpp"
#include "prove/receipt.hpp"

using namespace shoumen;
using namespace shoumen::prove;

namespace {

void must(bool holds) {
    if (!holds) std::abort();
}

const std::vector<PublicKey>& keys() {
    static const std::vector<PublicKey> all{
        parse_vkey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").value()};
    return all;
}

void notes(std::string_view in) {
    if (const auto note = parse_note(in)) must(parse_note(to_text(*note)).value() == *note);
    (void)open_checkpoint(in, keys());
}

void checkpoints(std::string_view in) {
    if (const auto c = parse_checkpoint(in)) must(parse_checkpoint(to_text(*c)).value() == *c);
}

void vkeys(std::string_view in) {
    if (const auto key = parse_vkey(in)) must(to_vkey(*key) == in);
    (void)parse_vkeys(in);
    (void)cosigned_time(in);
}

void receipts(std::string_view in) {
    const auto receipt = parse_receipt(in);
    if (!receipt) return must(receipt.error().code == "bad-receipt");
    must(parse_receipt(to_text(*receipt)).value() == *receipt);
    (void)verify(*receipt, keys());
    if (const auto code = to_short(*receipt)) {
        const auto again = parse_receipt(*code);
        // The short form makes the root of the proof: where the receipt's was another, nothing comes back of it.
        if (again) must(again->act == receipt->act && again->proof == receipt->proof);
    }
}

void paths(std::string_view in) {
    if (const auto at = parse_tile_path(in)) must(tile_path(*at) == in);
    if (const auto text = unescaped(in)) must(unescaped(escaped(*text)) == text);
    if (const auto bytes = from_base64(in)) must(to_base64(*bytes) == in);
    (void)Tile::of_bytes(in, {});
}

void rows(std::string_view in) {
    for (const bool is_act : {true, false}) {
        const auto row = parse_row(in, is_act);
        if (!row) continue;
        std::string line = is_act ? row_line(row->leaf, row->act) : row_line(row->leaf, row->batch);
        line.pop_back();
        must(parse_row(line, is_act).value().act == row->act);
    }
}

// Proofs as they come over the line: a number of digests, and whether they prove anything.
void proofs(std::string_view in) {
    if (in.size() < 16) return;
    std::uint64_t index = 0;
    std::uint64_t size = 0;
    for (int i = 0; i < 8; ++i) {
        index = (index << 8U) | static_cast<unsigned char>(in[static_cast<std::size_t>(i)]);
        size = (size << 8U) | static_cast<unsigned char>(in[static_cast<std::size_t>(8 + i)]);
    }
    in.remove_prefix(16);
    Proof proof;
    for (; in.size() >= 32 && proof.size() < 80; in.remove_prefix(32))
        proof.push_back(base::digest_from_bytes(in.substr(0, 32)));
    const Digest leaf{};
    if (const auto root = root_by(Suite::sha256, leaf, index, size, proof))
        must(is_included(Suite::sha256, leaf, index, size, proof, *root));
    must(!is_consistent(Suite::sha256, index, leaf, size, hash(Suite::sha256, "other"), proof) || index == 0 ||
         size > index);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view in(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 7) {
        case 0:
            notes(in);
            break;
        case 1:
            checkpoints(in);
            break;
        case 2:
            vkeys(in);
            break;
        case 3:
            receipts(in);
            break;
        case 4:
            paths(in);
            break;
        case 5:
            rows(in);
            break;
        default:
            proofs(in);
    }
    return 0;
}

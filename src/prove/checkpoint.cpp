#include "prove/checkpoint.hpp"

#include <algorithm>

#include "prove/tiles.hpp"

namespace shoumen::prove {
namespace {

using base::Result;

constexpr std::size_t most_lines = 32;

tl::unexpected<base::Error> bad(const char* what) {
    return base::fail("bad-checkpoint", std::string("this is not a checkpoint: ") + what);
}

}  // namespace

std::string to_text(const Checkpoint& c) {
    std::string out = c.origin + "\n" + std::to_string(c.size) + "\n" + to_base64(base::as_bytes(c.root)) + "\n";
    if (c.time.is_set()) out += "time " + std::to_string(c.time.us / 1'000'000) + "\n";
    if (c.suite != Suite::sha256) out += "hash " + std::string(to_word(c.suite)) + "\n";
    return out;
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
    Checkpoint out;
    const auto origin = take_line(text);
    const auto size = take_line(text);
    const auto root = take_line(text);
    if (!origin || !is_key_name(*origin)) return bad("its first line names no log");
    const auto leaves = size ? plain_number(*size) : std::nullopt;
    if (!leaves || *leaves > most_leaves) return bad("its second line is no number of leaves");
    const auto digest = root ? from_base64(*root) : std::nullopt;
    if (!digest || digest->size() != sizeof(Digest)) return bad("its third line is no hash");
    out.origin = std::string(*origin);
    out.size = *leaves;
    out.root = base::digest_from_bytes(*digest);
    std::size_t lines = 0;
    while (!text.empty()) {
        const auto line = take_line(text);
        if (!line || line->empty() || ++lines > most_lines) return bad("a line of its own is empty, or too many are");
        if (line->starts_with("time ")) {
            constexpr std::uint64_t latest = 253'402'300'799;  // year 9999
            const auto seconds = plain_number(line->substr(5));
            if (!seconds || *seconds > latest || out.time.is_set()) return bad("its time cannot be read");
            out.time = base::Time{static_cast<std::int64_t>(*seconds) * 1'000'000};
        } else if (line->starts_with("hash ")) {
            const auto suite = suite_of(line->substr(5));
            if (!suite || out.suite != Suite::sha256 || *suite == Suite::sha256)
                return bad("its suite of hashes is not known");
            out.suite = *suite;
        }
    }
    return out;
}

std::string cosigned_message(std::string_view text, std::uint64_t seconds) {
    return "cosignature/v1\ntime " + std::to_string(seconds) + "\n" + std::string(text);
}

std::optional<std::uint64_t> cosigned_time(std::string_view signature) {
    constexpr std::size_t size = 8 + 64;
    if (signature.size() != size) return std::nullopt;
    std::uint64_t seconds = 0;
    for (std::size_t i = 0; i < 8; ++i) seconds = (seconds << 8U) | static_cast<unsigned char>(signature[i]);
    if (seconds > 253'402'300'799) return std::nullopt;
    return seconds;
}

Result<NoteSignature> cosign(const PrivateKey& witness, std::string name, std::string_view text, base::Time now) {
    const auto seconds = static_cast<std::uint64_t>(std::max<std::int64_t>(now.us, 0) / 1'000'000);
    auto signature = witness.raw_signature(cosigned_message(text, seconds));
    if (!signature) return tl::unexpected(std::move(signature.error()));
    std::string bytes;
    for (unsigned i = 8; i-- > 0;) bytes.push_back(static_cast<char>((seconds >> (8 * i)) & 0xffU));
    const auto id = key_id(witness.public_key(name));
    return NoteSignature{std::move(name), id, bytes + *signature};
}

Result<Signed> open_checkpoint(std::string_view bytes, const std::vector<PublicKey>& keys) {
    auto note = parse_note(bytes);
    if (!note) return tl::unexpected(std::move(note.error()));
    auto checkpoint = parse_checkpoint(note->text);
    if (!checkpoint) return tl::unexpected(std::move(checkpoint.error()));
    Signed out{std::move(*note), std::move(*checkpoint), {}, {}};
    for (const auto& key : keys) {
        const bool of_log = key.type != KeyType::witness;
        if (of_log && key.name != out.checkpoint.origin) continue;
        const auto right = check(key, out.note);
        if (!right) continue;
        if (!*right)
            return base::fail("bad-signature", "the checkpoint of " + std::to_string(out.checkpoint.size) +
                                                   " leaves bears a signature of " + key.name +
                                                   " that is wrong: it was changed after it was signed");
        if (of_log) {
            out.by.push_back(key);
            continue;
        }
        const auto id = key_id(key);
        for (const auto& s : out.note.signatures) {
            if (s.key_id != id || s.name != key.name) continue;
            const auto seconds = static_cast<std::int64_t>(cosigned_time(s.bytes).value_or(0));
            out.witnesses.push_back({key.name, base::Time{seconds * 1'000'000}});
            break;
        }
    }
    if (out.by.empty())
        return base::fail("not-signed", "no key of the log that was given has signed this checkpoint of " +
                                            out.checkpoint.origin + "; give the log's public keys (its /ledger/keys)");
    return out;
}

}  // namespace shoumen::prove

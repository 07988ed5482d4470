// Checkpoints (C2SP tlog-checkpoint): which log, how many leaves, which root; then, as lines of our own, when it was
// signed and, where it is not SHA-256, the suite of hashes. It is the text of a note that the log signs and witnesses
// co-sign (tlog-cosignature, cosignature/v1).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "prove/hashing.hpp"
#include "prove/keys.hpp"
#include "prove/note.hpp"

namespace shoumen::prove {

struct Checkpoint {
    std::string origin;
    std::uint64_t size = 0;
    Digest root{};
    Suite suite = Suite::sha256;
    base::Time time = base::Time::none();  // as the log says; whole seconds
    bool operator==(const Checkpoint&) const = default;
};

std::string to_text(const Checkpoint& checkpoint);
base::Result<Checkpoint> parse_checkpoint(std::string_view text);  // of a note; code bad-checkpoint

// What a witness signs, and the time in its signature.
std::string cosigned_message(std::string_view text, std::uint64_t seconds);
std::optional<std::uint64_t> cosigned_time(std::string_view signature);
base::Result<NoteSignature> cosign(const PrivateKey& witness, std::string name, std::string_view text, base::Time now);

// A checkpoint with those signatures that are known and right. Codes: bad-note, bad-checkpoint; not-signed (no key of
// the log has signed it), bad-signature (one of a known key is wrong).
struct Witnessed {
    std::string name;
    base::Time at;
};
struct Signed {
    Note note;
    Checkpoint checkpoint;
    std::vector<PublicKey> by;         // keys of the log
    std::vector<Witnessed> witnesses;  // each once, at the time it says
};
base::Result<Signed> open_checkpoint(std::string_view bytes, const std::vector<PublicKey>& keys);

}  // namespace shoumen::prove

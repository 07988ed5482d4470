// The seam between the HTTP door and the ledger's notary: what anybody may fetch and cache, what witnesses hand in, and
// what a page is told. Everything is asked on the io thread.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace shoumen::ports {

struct LedgerState {
    struct Witness {
        std::string name;
        base::Time last = base::Time::none();  // co-signed, by its own clock
        std::uint64_t size = 0;                // of the tree it co-signed then
        bool silent = false;
        std::string key;        // public, as it is written
        bool reported = false;  // it was shown another history, and says so
    };
    std::string origin;  // the log's name
    std::string hash;    // suite of hashes: sha256, sm3
    std::uint64_t size = 0;
    base::Digest root{};
    base::Time signed_at = base::Time::none();
    std::string fault;  // empty: none; smaller other split clock unsigned
    std::vector<Witness> witnesses;
    std::vector<std::string> keys;  // public keys of the log, as they are written
};

struct ActReceipt {
    std::string text;  // a file for whoever is to keep it
    std::string code;  // the same for a QR code; empty: it does not fit
    std::uint64_t leaf = 0;
    std::uint64_t size = 0;  // of the tree whose checkpoint it holds
    std::vector<std::string> cosigned_by;
};

class Ledger {
public:
    virtual ~Ledger() = default;

    struct File {
        std::string bytes;
        std::string_view type;
        bool for_ever = false;  // never changes
    };
    // "checkpoint", "keys", "tile/…"; none: there is no such file.
    virtual std::optional<File> file(std::string_view path) = 0;
    // A checkpoint of ours with cosignatures of witnesses that are known here. Codes: bad-note, bad-checkpoint,
    // bad-signature, unknown-witness, split-view.
    virtual void cosigned(std::string note, std::function<void(base::Result<void>)> done) = 0;
    // What a witness has found: a note it signed. Codes: bad-note, unknown-witness.
    virtual void reported(std::string note, std::function<void(base::Result<void>)> done) = 0;
};

}  // namespace shoumen::ports

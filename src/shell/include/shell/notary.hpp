// Signs the ledger's tree, keeps what witnesses co-sign, serves tiles and makes receipts.
//
// tick() is called several times a second; where leaves were committed since, a checkpoint is signed on a thread of its
// own, remembered beside the keys (so that an older database under the same keys is noticed), stored, and only then
// shown. The notary never signs a tree that does not continue the one it signed last: a smaller or another one is a
// fault, which the watcher says as it says the platform's other faults. Times in checkpoints never fall.
// One thread: the io thread. Node, files and clock outlive it.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ports/clock.hpp"
#include "ports/files.hpp"
#include "ports/ledger.hpp"
#include "ports/log.hpp"
#include "prove/checkpoint.hpp"
#include "prove/proof.hpp"
#include "prove/tile_cache.hpp"
#include "shell/node.hpp"
#include "shell/worker.hpp"

namespace shoumen::shell {

struct NotaryKeys {
    prove::PrivateKey ed25519;
    prove::PrivateKey sm2;
};

struct NotaryOptions {
    std::string folder;  // where it remembers what it signed last
    base::Duration witness_silent_after = base::hours(1);
    std::function<base::Result<std::vector<prove::PublicKey>>()> witnesses;  // asked again every ten seconds
    ports::Log log;
};

// The name of a log, from its key: nobody chooses it, and another key is another log.
std::string ledger_name(const NotaryKeys& keys);

class Notary final : public ports::Ledger {
public:
    Notary(Node& node, ports::Files& files, const ports::Clock& clock, NotaryKeys keys, NotaryOptions options,
           Node::Post post);

    base::Result<void> start();
    void tick();
    void stop() { stopped_ = true; }

    // ports::Ledger
    std::optional<File> file(std::string_view path) override;
    void cosigned(std::string note, std::function<void(base::Result<void>)> done) override;
    void reported(std::string note, std::function<void(base::Result<void>)> done) override;

    [[nodiscard]] ports::LedgerState state() const;
    // Codes: not-in-ledger (of before there was one), receipt-not-yet (its checkpoint is being signed).
    base::Result<ports::ActReceipt> receipt(const ports::ActRow& act);
    // For the watcher.
    [[nodiscard]] const std::string& fault() const { return fault_; }
    [[nodiscard]] std::vector<std::string> silent_witnesses() const;

private:
    struct Seen {
        base::Time at = base::Time::none();  // by the witness' clock
        std::uint64_t size = 0;
        base::Time heard = base::Time::none();  // by ours; of one never heard: since it is waited for
        bool reported = false;                  // another history
    };

    base::Result<void> look_back();
    void set_fault(std::string word, std::string text);
    void look_for_witnesses();
    void remember_witnesses(std::string_view lines);
    [[nodiscard]] std::string witness_lines() const;
    base::Result<prove::Note> sign(const prove::Checkpoint& checkpoint) const;
    base::Result<void> remember(const std::string& note) const;
    void keep(const prove::Checkpoint& checkpoint, std::string note);
    base::Result<prove::Note> kept_note(std::uint64_t size);
    [[nodiscard]] std::vector<prove::PublicKey> own_keys() const { return {ed25519_, sm2_}; }

    Node& node_;
    ports::Files& files_;
    const ports::Clock& clock_;
    NotaryKeys keys_;
    NotaryOptions options_;
    Node::Post post_;
    std::string name_;
    prove::PublicKey ed25519_;
    prove::PublicKey sm2_;
    std::unique_ptr<ports::StoreReader> reader_;
    prove::TileCache cache_;
    std::optional<prove::Checkpoint> last_;  // signed
    std::string newest_;                     // as it is served
    bool signing_ = false;
    bool refuses_ = false;
    bool stopped_ = false;
    std::string fault_;
    std::vector<prove::PublicKey> witnesses_;
    std::map<std::string, Seen> seen_;
    base::Time witnesses_read_ = base::Time::none();
    std::map<std::uint64_t, prove::Note> recent_;  // with cosignatures that may not be on disk yet
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    Worker worker_;  // last: ends first
};

}  // namespace shoumen::shell

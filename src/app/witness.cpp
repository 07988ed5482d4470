// A witness: looks at a ledger from its own machine, co-signs it while each tree continues the one before, and refuses
// and reports when one does not.
#include <chrono>
#include <csignal>
#include <thread>

#include <fmt/core.h>

#include "app/http_client.hpp"
#include "prove/checkpoint.hpp"
#include "prove/proof.hpp"
#include "store/files/posix.hpp"

#include "commands.hpp"
#include "ledger_keys.hpp"

namespace shoumen::app {
namespace {

using base::Result;

volatile std::sig_atomic_t asked_to_stop = 0;

base::Time system_now() {
    using namespace std::chrono;
    return {duration_cast<microseconds>(system_clock::now().time_since_epoch()).count()};
}

struct Log {
    Endpoint at;
    bool by_tls = false;
};

Result<Log> log_of(const std::string& url) {
    constexpr std::string_view plain = "http://";
    constexpr std::string_view secure = "https://";
    std::string rest = url;
    while (!rest.empty() && rest.back() == '/') rest.pop_back();
    const bool by_tls = rest.starts_with(secure);
    const auto at = by_tls || rest.starts_with(plain) ? parse_endpoint(rest.substr((by_tls ? secure : plain).size()))
                                                      : std::nullopt;
    if (!at || at->port == 0)
        return base::fail("bad-endpoint", "write it as https://10.0.0.5:8443 or http://10.0.0.5:8080", "--log");
    return Log{*at, by_tls};
}

class HttpTiles final : public prove::TileSource {
public:
    explicit HttpTiles(HttpClient& http) : http_(http) {}
    Result<std::shared_ptr<const prove::Tile>> tile(const prove::TileAt& at) override {
        // The log may have given a partial tile up for the full one.
        for (const auto& wanted : {at, prove::TileAt{at.level, at.n, prove::tile_width}}) {
            HttpRequest request;
            request.target = "/ledger/" + prove::tile_path(wanted);
            const auto answer = http_.ask(request);
            if (!answer) return base::fail("no-answer", "the log does not answer: " + http_.why());
            if (answer->status != 200) continue;
            auto tile = prove::Tile::of_bytes(answer->body, {});
            if (!tile) return tl::unexpected(std::move(tile.error()));
            return std::make_shared<const prove::Tile>(std::move(*tile));
        }
        return std::shared_ptr<const prove::Tile>();
    }

private:
    HttpClient& http_;
};

class Witness {
public:
    Witness(const WitnessOptions& options, const Endpoint& at, prove::PrivateKey key)
        : options_(options), http_(at.address, at.port), key_(std::move(key)) {
        name_ = options.name;
        if (name_.empty()) name_ = "witness/" + base::to_hex(base::sha256(key_.public_key("").bytes)).substr(0, 16);
        shown_ = key_.public_key(name_);
    }

    [[nodiscard]] const prove::PublicKey& shown() const { return shown_; }
    Result<void> use_tls() { return http_.use_tls(options_.authorities); }

    // 0 co-signed, 1 refused, 2 could not look.
    int look() {
        if (keys_.empty()) {
            if (auto done = learn_keys(); !done) return say(done.error());
        }
        auto note = fetch("/ledger/checkpoint");
        if (!note) return say(note.error());
        auto opened = prove::open_checkpoint(*note, keys_);
        if (!opened) return say(opened.error());
        const prove::Checkpoint& now = opened->checkpoint;
        auto before = last();
        if (!before) return say(before.error());
        if (*before) {
            const auto fits = follows(**before, now);
            if (!fits) return say(fits.error());
            if (!fits->empty()) return refuse((*before)->note, opened->note, *fits);
        }
        auto signature = prove::cosign(key_, name_, opened->note.text, system_now());
        if (!signature) return say(signature.error());
        // Remembered before it is handed out: what was co-signed once is never forgotten.
        if (auto done = remember(*note); !done) return say(done.error());
        std::erase_if(opened->note.signatures, [&](const auto& s) { return s.name != now.origin; });
        opened->note.signatures.push_back(std::move(*signature));
        auto taken = post("/api/v1/ledger/cosignatures", prove::to_text(opened->note));
        if (!taken) return say(taken.error());
        if (now.size != told_) fmt::print("co-signed {} leaves of {}\n", now.size, now.origin);
        told_ = now.size;
        std::fflush(stdout);
        return fine;
    }

private:
    Result<std::string> fetch(const std::string& target) {
        HttpRequest request;
        request.target = target;
        auto answer = http_.ask(request);
        if (!answer)
            return base::fail("no-answer", "the log does not answer; look at it and at the line to it: " + http_.why());
        if (answer->status != 200)
            return base::fail("no-answer", fmt::format("the log answers {} to {}", answer->status, target));
        return std::move(answer->body);
    }

    Result<void> post(const std::string& target, std::string body) {
        HttpRequest request;
        request.method = "POST";
        request.target = target;
        request.content_type = "text/plain";
        request.body = std::move(body);
        const auto answer = http_.ask(request);
        if (!answer)
            return base::fail("no-answer", "the log does not answer; look at it and at the line to it: " + http_.why());
        if (answer->status == 204) return {};
        if (answer->status == 403)
            return base::fail("unknown-witness",
                              fmt::format("the log does not know this witness: add this line to its keys/witnesses: {}",
                                          prove::to_vkey(shown_)));
        return base::fail("not-taken", fmt::format("the log does not take it: {} {}", answer->status, answer->body));
    }

    Result<void> learn_keys() {
        auto& files = store::posix_files();
        const bool given = !options_.log_keys.empty();
        const std::string file = given ? options_.log_keys : options_.state + ".log-keys";
        auto text = files.read(file);
        if (!text && (given || text.error().code != "file-missing")) return tl::unexpected(std::move(text.error()));
        if (!text) {
            text = fetch("/ledger/keys");
            if (!text) return tl::unexpected(std::move(text.error()));
            if (auto done = files.write(file, *text); !done) return done;
            fmt::print("the log's public keys, taken as it shows them; compare them with those you were told:\n{}",
                       *text);
        }
        auto keys = prove::parse_vkeys(*text);
        if (!keys) return tl::unexpected(std::move(keys.error()));
        keys_ = std::move(*keys);
        return {};
    }

    Result<std::optional<prove::Signed>> last() {
        const auto text = store::posix_files().read(options_.state);
        if (!text && text.error().code == "file-missing") return std::optional<prove::Signed>{};
        if (!text) return tl::unexpected(text.error());
        auto opened = prove::open_checkpoint(*text, keys_);
        if (!opened) return tl::unexpected(std::move(opened.error()));
        return std::optional(std::move(*opened));
    }

    Result<void> remember(const std::string& note) {
        auto& files = store::posix_files();
        const auto slash = options_.state.rfind('/');
        auto done = files.write(options_.state + ".new", note);
        if (done) done = files.rename(options_.state + ".new", options_.state);
        if (done) done = files.sync_folder(slash == std::string::npos ? "." : options_.state.substr(0, slash + 1));
        return done;
    }

    // Empty: it continues the one before. Else why not.
    Result<std::string> follows(const prove::Signed& before, const prove::Checkpoint& now) {
        const prove::Checkpoint& old = before.checkpoint;
        if (now.origin != old.origin) return std::string("it is another log");
        if (now.size < old.size)
            return fmt::format("it has {} leaves, and had {}: records were deleted, or an older backup was restored",
                               now.size, old.size);
        if (now.size == old.size)
            return std::string(now.root == old.root ? "" : "two trees of the same size, both signed");
        HttpTiles tiles(http_);
        const auto proof = prove::consistency_proof(now.suite, tiles, old.size, now.size);
        if (!proof && proof.error().code == "no-answer") return tl::unexpected(proof.error());
        if (!proof || !prove::is_consistent(now.suite, old.size, old.root, now.size, now.root, *proof))
            return std::string("the tree does not continue the one before: records that were there have been changed");
        return std::string();
    }

    int refuse(const prove::Note& before, const prove::Note& now, const std::string& why) {
        fmt::print(stderr, "shoumen witness: split-view: refused: {}\n", why);
        auto& files = store::posix_files();
        const bool kept = files.write(options_.state + ".before", prove::to_text(before)) &&
                          files.write(options_.state + ".refused", prove::to_text(now));
        if (kept)
            fmt::print(stderr,
                       "shoumen witness: both signed checkpoints lie at {0}.before and {0}.refused: they prove it\n",
                       options_.state);
        const auto origin = prove::parse_checkpoint(now.text);
        prove::Note report{"shoumen/witness-report/1\n" + (origin ? origin->origin : "") + "\n" + why + "\n" +
                               prove::to_base64(prove::to_text(before)) + "\n" + prove::to_base64(prove::to_text(now)) +
                               "\n",
                           {}};
        if (auto signature = prove::cosign(key_, name_, report.text, system_now())) {
            report.signatures.push_back(std::move(*signature));
            if (const auto sent = post("/api/v1/ledger/reports", prove::to_text(report)); !sent)
                (void)say(sent.error());
        }
        return findings;
    }

    static int say(const base::Error& e) {
        fmt::print(stderr, "shoumen witness: {}{}{}: {}\n", e.where, e.where.empty() ? "" : ": ", e.code, e.message);
        return cannot_run;
    }

    const WitnessOptions& options_;
    HttpClient http_;
    prove::PrivateKey key_;
    std::string name_;
    prove::PublicKey shown_;
    std::vector<prove::PublicKey> keys_;
    std::uint64_t told_ = 0;
};

}  // namespace

int witness(const WitnessOptions& options) {
    const auto log = log_of(options.log);
    auto key =
        log ? key_in(options.key, prove::KeyType::witness) : Result<prove::PrivateKey>(tl::unexpected(log.error()));
    if (!key || (!options.name.empty() && !prove::is_key_name(options.name))) {
        const auto e = key ? base::Error{"bad-name", "a name has no spaces and no plus", "--name"} : key.error();
        fmt::print(stderr, "shoumen witness: {}{}{}: {}\n", e.where, e.where.empty() ? "" : ": ", e.code, e.message);
        return cannot_run;
    }
    Witness self(options, log->at, std::move(*key));
    if (const auto ready = log->by_tls ? self.use_tls() : Result<void>{}; !ready) {
        const auto& e = ready.error();
        fmt::print(stderr, "shoumen witness: {}: {}: {}\n", e.where.empty() ? "--ca" : e.where, e.code, e.message);
        return cannot_run;
    }
    fmt::print("witness {}\n", prove::to_vkey(self.shown()));
    std::fflush(stdout);
    std::signal(SIGPIPE, SIG_IGN);
    if (options.once) return self.look();
    for (const int s : {SIGINT, SIGTERM}) std::signal(s, [](int) { asked_to_stop = 1; });
    constexpr double nap_s = 0.05;
    while (asked_to_stop == 0) {
        (void)self.look();
        for (double waited = 0; waited < options.every_s && asked_to_stop == 0; waited += nap_s)
            std::this_thread::sleep_for(std::chrono::duration<double>(nap_s));
    }
    return fine;
}

}  // namespace shoumen::app

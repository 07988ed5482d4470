// The platform's side of GB/T 28181, without its sockets: messages in, messages out.
//
//   unknown ──REGISTER──▶ 401 with a nonce ──REGISTER, digest right──▶ registered ──expiry, Expires 0──▶ unknown
//                                                                      │      ▲
//                                               three keep-alives missed      any message
//                                                                      ▼      │
//                                                                       silent
//
// - A device is known by its national code (20 digits): its code in the community, or a name that a map gives it
//   (model/national.hpp). Its password is the token it was given; there is none by default.
// - Once registered it is asked for its catalogue, and its alarms are subscribed to. Messages are taken from the
//   address that registered. Channels that nobody has entered are announced to the Intake.
// - An alarm becomes one Intake::submit(), for the channel it names; what cannot be read becomes one Intake::refuse().
//   200 OK leaves when that is on disk, never before. While the Intake is busy nothing is answered: the device sends
//   again.
// - The same message again (branch, Call-ID, CSeq) gets the same answer and is not taken twice; the same alarm in
//   another message (SN, channel, time) has the same id, so the core takes it once.
// - Silent, and heard again, are signals of the device (`online`); of a recorder, which has no kind, they are those of
//   the devices of kind `link` under it.
// - Registrations are kept (ports/camera_book.hpp), so that a restart does not ask hundreds of cameras to come anew.
//
// One thread: the door thread. Times are milliseconds of a steady clock.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "doors/sip/digest.hpp"
#include "doors/sip/message.hpp"
#include "doors/sip/national_body.hpp"
#include "ports/camera_book.hpp"
#include "ports/intake.hpp"

namespace shoumen::doors::sip {

// Where a message came from, or goes.
struct Peer {
    std::string address;
    std::uint16_t port = 0;
    bool stream = false;           // TCP
    std::uint64_t connection = 0;  // of a stream

    bool operator==(const Peer&) const = default;
};

struct Outgoing {
    Peer to;
    std::string bytes;
};

struct Counters {
    std::uint64_t registered = 0;  // now
    std::uint64_t silent = 0;      // of them
    std::uint64_t messages = 0;    // read
    std::uint64_t faults = 0;      // that could not be read
    std::uint64_t challenges = 0;  // 401
    std::uint64_t registrations = 0;
    std::uint64_t refused = 0;  // wrong password, unknown, or none given
    std::uint64_t keepalives = 0;
    std::uint64_t lost = 0;  // devices that missed three keep-alives
    std::uint64_t alarms = 0;
    std::uint64_t quarantined = 0;
    std::uint64_t unproven = 0;  // alarms of whoever is not registered
    std::uint64_t repeats = 0;   // messages answered again
    std::uint64_t stalls = 0;    // not answered because the shell was busy
    std::uint64_t catalogues = 0;
    std::uint64_t catalogues_incomplete = 0;
    std::uint64_t announced = 0;   // channels that nobody has entered, of all catalogues together
    std::uint64_t sent_again = 0;  // of ours
    std::uint64_t unanswered = 0;  // of ours
};

struct RegistrarOptions {
    std::string code;                      // the platform's own, 20 digits; its first ten are the realm
    std::string address = "127.0.0.1";     // what our Via and Contact say
    std::uint16_t port = 5060;             // likewise
    std::int64_t keepalive_ms = 60'000;    // as set in the devices
    int missed = 3;                        // keep-alives until a device is silent
    std::int64_t told_every_ms = 300'000;  // that a device is online
    std::function<base::Time()> now = [] { return base::Time{}; };
    std::function<void(bool warning, std::string_view line)> log;
    std::function<void()> wake;  // there is something to take() that came of none of the calls below
};

class Registrar {
public:
    Registrar(ports::Intake& intake, ports::CameraBook& book, RegistrarOptions options);

    // Takes up those that were registered before a restart.
    void start(std::int64_t now_ms);
    // One message: a datagram, or what message_end() cut out of a stream.
    void receive(std::string_view bytes, const Peer& from, std::int64_t now_ms);
    // The Intake has committed.
    void progress();
    // At least twice a second.
    void tick(std::int64_t now_ms);
    // A stream has ended.
    void gone(std::uint64_t connection);
    // What is to be sent now, in order.
    std::vector<Outgoing> take();

    [[nodiscard]] const Counters& counters() const { return counters_; }
    void at(std::string address, std::uint16_t port);

private:
    struct Subscription {
        std::string call_id, from, to;
        std::uint32_t sequence = 0;
        std::int64_t renew_ms = 0;
        bool refused = false;
    };
    struct Catalogue {
        std::uint32_t serial = 0;  // 0: none is under way
        std::size_t sum = 0;
        std::map<std::string, Channel, std::less<>> channels;  // by code
        std::int64_t last_ms = 0;
        int tries = 0;
    };
    struct Registration {
        std::string device;  // code in the community
        std::string token;
        Peer peer;
        std::string call_id;
        std::int64_t expires_ms = 0;
        std::int64_t granted_s = 0;
        std::int64_t heard_ms = 0;
        std::int64_t told_ms = 0;
        bool silent = false;
        Subscription subscription;
        Catalogue catalogue;
    };
    using Registrations = std::map<std::string, Registration, std::less<>>;
    // A message of a device that was taken, or is being taken.
    struct Taken {
        std::uint64_t ticket = 0;  // 0: answered
        std::string answer;
        std::int64_t until_ms = 0;
    };
    // An answer, and what goes with it, that waits for its ticket.
    struct Waiting {
        std::uint64_t ticket = 0;
        Peer to;
        std::string key, answer;
        std::string national, command, serial, channel;  // for the standard's own answer; empty: there is none
    };
    // A request of ours that has no answer yet.
    struct Asked {
        Peer to;
        std::string bytes, national, what;
        std::int64_t again_ms = 0;
        std::int64_t wait_ms = 0;
        std::int64_t give_up_ms = 0;
    };
    struct Speaking {
        ports::Speaker speaker;
        std::string device;
    };

    void on_answer(const Message& m);
    void on_register(const Message& m, const Peer& from, const std::string& key);
    void registered(const Message& m, const Peer& from, const std::string& key, Registration fresh);
    void unregister(const Message& m, const Peer& from, const std::string& key);
    void on_command(const Message& m, const Peer& from, const std::string& key);
    void on_keepalive(Registration& r);
    void on_alarm(const Message& m, const Peer& from, const std::string& key, const Speaking& who);
    void refuse(const Message& m, const Peer& from, const std::string& key, const Speaking& who,
                const base::Error& why);
    void on_catalogue(const std::string& national, Registration& r);
    void finish_catalogue(const std::string& national, Registration& r);
    void unproven(const Message& m, const Peer& from);

    // Whose message this is: registered from there, or with credentials of its own.
    std::optional<Speaking> speaking(const Message& m, const Peer& from);
    // Why the credentials are not good; empty: they are.
    struct Proof {
        std::string wrong;
        bool stale = false;
        Speaking who;
        std::string token;
    };
    Proof prove(const Message& m);
    void challenge(const Message& m, const Peer& from, bool stale);

    void heard(const std::string& national, Registration& r);
    // Says `online` for the device; false: nobody took it.
    bool tell(Registration& r, bool online);
    void ask_catalogue(const std::string& national, Registration& r);
    void subscribe(const std::string& national, Registration& r);
    void ask(const std::string& national, const Registration& r, std::string what, Request request);
    void message(const std::string& national, const Registration& r, std::string what, const std::string& body);
    void look_after(const std::string& national, Registration& r);
    void keep(const std::string& national, const Registration& r, std::function<void()> done);
    bool take_up(const std::string& national, std::string_view device);
    void answer(const Message& m, const Peer& to, const std::string& key, int status, std::string_view reason,
                const Headers& more = {});
    void answer_later(std::uint64_t ticket, Waiting waiting, const std::string& key);
    void count();
    void log(bool warning, std::string_view line) const;
    [[nodiscard]] std::string realm() const { return options_.code.substr(0, 10); }
    std::string fresh_word();

    ports::Intake& intake_;
    ports::CameraBook& book_;
    RegistrarOptions options_;
    Nonces nonces_;
    Counters counters_;
    Registrations registrations_;
    std::unordered_map<std::string, Taken> taken_;
    std::deque<std::pair<std::int64_t, std::string>> taken_order_;
    std::deque<Waiting> waiting_;
    std::map<std::string, Asked, std::less<>> asked_;  // by branch
    std::vector<Outgoing> out_;
    NationalBody body_;
    std::int64_t now_ms_ = 0;
    std::int64_t unproven_since_ms_ = 0;
    unsigned unproven_kept_ = 0;
    std::uint32_t serial_ = 0;
    std::uint64_t words_ = 0;
    std::string instance_;
    std::shared_ptr<int> alive_ = std::make_shared<int>(0);  // what comes back later asks whether we are still there
};

}  // namespace shoumen::doors::sip

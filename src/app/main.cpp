// The program's table of contents.
#include <cmath>
#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>

#include "shell/version.hpp"

#include "commands.hpp"
#include "detect_fall.hpp"
#include "simulate.hpp"

namespace {

using namespace shoumen::app;

// NaN is in no range, whatever comparisons say of it.
CLI::Validator within(double least, double most) {
    return CLI::Validator(
        [least, most](const std::string& text) {
            double v = 0;
            const bool number = CLI::detail::lexical_cast(text, v);
            return number && std::isfinite(v) && v >= least && v <= most
                       ? std::string()
                       : "write a number from " + CLI::detail::to_string(least) + " to " + CLI::detail::to_string(most);
        },
        "");
}

CLI::Validator not_empty() {
    return CLI::Validator([](const std::string& text) { return text.empty() ? "must not be empty" : std::string(); },
                          "");
}
namespace shell = shoumen::shell;

void add_place(CLI::App* c, Place& place, const std::string& what = "data directory") {
    c->add_option("--data", place.data, what)->required();
    c->add_option("--database", place.database,
                  "PostgreSQL instead of SQLite: postgresql://user@host/name, without a password "
                  "(default: SHOUMEN_DATABASE, or the file SHOUMEN_DATABASE_FILE names)")
        ->check(not_empty());
}

void add_keys(CLI::App* c, KeyOptions& keys) {
    c->add_option("--keys", keys.folder, "folder of the node's keys (default: keys in the data directory)")
        ->check(not_empty());
    c->add_option("--erased", keys.erased,
                  "the list of who has been erased (default: erased in the data directory); best on another disk")
        ->check(not_empty());
    auto* module = c->add_option("--keys-module", keys.module, "PKCS#11 module that holds the master key: its .so");
    c->add_option("--keys-token", keys.token, "label of the module's token")->needs(module);
    c->add_option("--keys-pin-file", keys.pin_file, "a file with the token's PIN, for its owner alone")->needs(module);
}

void add_key_commands(CLI::App& app, KeyOptions& keys, Place& place, std::string& file, std::string& passphrase,
                      int& code) {
    auto* all = app.add_subcommand("keys", "the node's keys, apart from its data");
    all->require_subcommand(1);
    const auto begun = [&](const char* name, const char* what) {
        auto* c = all->add_subcommand(name, what);
        c->add_option("--data", place.data, "data directory")->required();
        add_keys(c, keys);
        return c;
    };
    auto* c = begun("backup", "the keys into one file under a passphrase, also of a running node");
    c->add_option("--to", file, "a file that does not exist yet")->required();
    c->add_option("--passphrase-file", passphrase, "a file with the passphrase (default: SHOUMEN_PASSPHRASE)");
    c->callback([&] { code = keys_backup(keys, place, file, passphrase); });
    c = begun("restore", "the keys back from such a file");
    c->add_option("--from", file)->required();
    c->add_option("--passphrase-file", passphrase, "a file with the passphrase (default: SHOUMEN_PASSPHRASE)");
    c->callback([&] { code = keys_restore(keys, place, file, passphrase); });
    c = begun("rotate", "a new master key; the old one goes. While the node is not running");
    c->callback([&] { code = keys_rotate(keys, place); });
}

void add_serve(CLI::App& app, ServeOptions& o, int& code) {
    auto* c = app.add_subcommand("serve", "run: doors, core, pages");
    c->add_option("--community", o.community, "community directory; a changed one enters as a new policy version");
    add_place(c, o.place, "data directory; made if it is not there");
    add_keys(c, o.keys);
    c->add_option("--keys-suite", o.keys.suite, "ciphers of keys that are made at the first start")
        ->capture_default_str()
        ->check(CLI::IsMember({"aes-gcm", "sm4-sm3"}));
    c->add_option("--http", o.http, "address:port of pages and API")->capture_default_str();
    c->add_option("--mqtt", o.mqtt, "address:port of the MQTT door")->capture_default_str();
    c->add_option("--https", o.https, "address and port of the HTTP door by TLS, as 0.0.0.0:8443 (default: closed)");
    c->add_option("--mqtts", o.mqtts, "address and port of the MQTT door by TLS, as 0.0.0.0:8883 (default: closed)");
    auto* sip = c->add_option("--sip", o.sip,
                              "address and port for cameras by GB/T 28181, UDP and TCP, as 192.0.2.7:5060 (default: "
                              "closed)");
    auto* sip_code = c->add_option("--sip-code", o.sip_code, "the platform's own code there: 20 digits")->needs(sip);
    sip->needs(sip_code);
    c->add_option("--sip-reached-by", o.sip_reached_by,
                  "the address that cameras reach this node by, where it listens on all (0.0.0.0)")
        ->needs(sip);
    c->add_option("--sip-keepalive", o.sip_keepalive_s, "seconds between keep-alives, as set in the cameras")
        ->capture_default_str()
        ->check(within(1, 3'600))
        ->needs(sip);
    auto* panel = c->add_option("--panel", o.panel,
                                "address and port for fire panels by GB/T 26875.3, as 192.0.2.7:26875 (default: "
                                "closed)");
    auto* peers = c->add_option("--panel-peer", o.panel_peers,
                                "an address or network that fire panels may come from, as 192.0.2.0/28; may be given "
                                "again")
                      ->needs(panel);
    panel->needs(peers);
    c->add_option("--tls-name", o.tls_names,
                  "a host name or IP address the node is reached by, for its certificate; may be given again");
    auto* certificate = c->add_option("--tls-certificate", o.tls_certificate,
                                      "certificate and chain (PEM) of the city's authority (default: the node's own)");
    auto* key = c->add_option("--tls-key", o.tls_key, "the key of --tls-certificate (PEM)");
    certificate->needs(key);
    key->needs(certificate);
    c->add_option("--device-certificates", o.device_certificates, "at --mqtts: optional (a token will do), or required")
        ->capture_default_str()
        ->check(CLI::IsMember({"optional", "required"}));
    c->add_option("--share", o.share, "where pages and contracts lie (default: beside the program)");
    c->add_flag("--demo", o.demo, "demo accounts and a scripted day");
    c->add_option("--demo-speed", o.demo_speed, "script seconds a real second")
        ->capture_default_str()
        ->check(within(0.001, 100'000));
    c->add_option("--demo-seed", o.demo_seed, "another seed, another day")->capture_default_str();
    c->add_flag("!--no-feed", o.demo_feed, "demo accounts without the scripted day");
    c->add_option("--clock-start", o.clock_start, "begin at this time (RFC 3339) instead of now: for trying out");
    c->add_option("--clock-rate", o.clock_rate, "run the clock so many times as fast: for trying out")
        ->check(within(0.001, 100'000));
    c->add_option("--clock-step", o.clock_step, "let the clock jump once, as 5s,-1h: for trying out");
    c->add_option("--log-format", o.log_format, "json or text (default: json where stderr is no terminal)");
    c->add_option("--metrics-token-file", o.metrics_token_file,
                  "a file with a token, 16 characters or more, that may read /api/v1/metrics and nothing else");
    auto* gateway = c->add_option("--sms-gateway", o.sms_gateway,
                                  "where codes for residents' telephones are posted to, as https://sms.example/send");
    c->add_option("--sms-secret-file", o.sms_secret_file, "a file with the gateway's secret, for its owner alone")
        ->needs(gateway);
    auto* issuer =
        c->add_option("--oidc-issuer", o.oidc_issuer, "a city's single sign-on (OpenID Connect): its issuer");
    auto* client = c->add_option("--oidc-client", o.oidc_client, "this node's name there")->needs(issuer);
    auto* secret = c->add_option("--oidc-secret-file", o.oidc_secret_file,
                                 "a file with this node's secret there, for its owner alone")
                       ->needs(issuer);
    auto* redirect = c->add_option("--oidc-redirect", o.oidc_redirect,
                                   "where browsers come back to, as https://this-node/sign-in/return")
                         ->needs(issuer);
    issuer->needs(client)->needs(secret)->needs(redirect);
    c->add_option("--outgoing-ca", o.outgoing_ca, "authorities of those two servers (PEM; default: the system's)");
    c->add_option("--watch-every", o.watch_every_s, "seconds between two looks at the platform itself")
        ->capture_default_str()
        ->check(within(0.05, 3'600));
    c->add_option("--gateway-silent-after", o.gateway_silent_after_s,
                  "seconds after which a gateway that says nothing counts as silent")
        ->capture_default_str();
    c->add_option("--witness-silent-after", o.witness_silent_after_s,
                  "seconds after which a witness of the ledger that has not co-signed counts as silent")
        ->capture_default_str();
    c->add_option("--ledger-hash", o.ledger_hash, "sha256, or sm3 where the law asks for it; of a new ledger")
        ->capture_default_str()
        ->check(CLI::IsMember({"sha256", "sm3"}));
    c->add_flag("!--no-snapshots", o.snapshots, "write no snapshots; the next start reads the whole log");
    c->add_option("--snapshot-inputs", o.snapshot_inputs, "a snapshot after so many inputs")->capture_default_str();
    c->add_option("--stop-after", o.stop_after_s, "stop by itself after so many seconds: for measurements");
    c->callback([&] { code = serve(o); });
}

void add_simulate(CLI::App& app, SimulateOptions& o, TownFiles& t, int& code) {
    auto* c = app.add_subcommand("simulate",
                                 "live a community under virtual time; recall, precision and delays as JSON on stdout");
    const auto share = within(0, 1);
    c->add_option("--community", o.community, "community directory (default: a town made up for it)");
    c->add_option("--homes", o.homes, "of the town made up")->capture_default_str()->check(CLI::Range(36, 20'000));
    c->add_option("--for", o.length, "how long to live: 7d, 12h")->capture_default_str();
    c->add_option("--from", o.from, "when it begins (RFC 3339)")->capture_default_str();
    c->add_option("--seed", o.seed, "another seed, another life")->capture_default_str();
    c->add_option("--trouble", o.trouble, "how often things go wrong, of the usual")
        ->capture_default_str()
        ->check(within(0, 1'000));
    c->add_option("--lose", o.lose, "share of messages lost")->check(share);
    c->add_option("--repeat", o.repeat, "share of messages that come twice")->check(share);
    c->add_option("--lag", o.lag, "share of messages that take seconds")->capture_default_str()->check(share);
    c->add_option("--outages", o.outages, "of each gateway's line in a year")->check(within(0, 10'000));
    c->add_option("--wrong-clocks", o.wrong_clocks, "devices that say a wrong time, smoke alarms first");
    c->add_option("--answers", o.answers, "chance that somebody told takes it")->capture_default_str()->check(share);
    c->add_option("--episodes", o.episodes,
                  "instead of chance: so many episodes, half of them with two causes in one building")
        ->check(CLI::Range(1, 100'000));
    c->add_option("--data", o.data, "keep the data directory here, to look at it with serve (default: thrown away)");
    c->callback([&] { code = simulate(o); });

    c = app.add_subcommand("town", "write the made-up community of simulate down as a directory");
    c->add_option("directory", t.directory, "is made")->required()->check(not_empty());
    c->add_option("--homes", t.homes)->capture_default_str()->check(CLI::Range(36, 20'000));
    c->add_option("--seed", t.seed)->capture_default_str();
    c->callback([&] { code = town(t); });
}

void add_detect(CLI::App& app, DetectFallOptions& o, int& code) {
    auto* all = app.add_subcommand("detect", "find in what a sensor measures what is worth a signal: for gateways");
    all->require_subcommand(1);
    auto* c = all->add_subcommand(
        "fall",
        "falls in samples, a signal on stdout for each; exit 0 fine, 1 lines that cannot be read, 2 cannot run");
    c->add_option("file", o.file, "lines time,x,y,z or {\"time\": …, \"x\": …} (default: stdin)");
    auto* wrist = c->add_flag("--wrist", o.wrist, "acceleration of a wrist, gravity included (this is the default)");
    auto* thermal = c->add_flag("--thermal", o.thermal, "a thermal array of 4 × 4 zones: time,t1,…,t16 in °C");
    auto* unit = c->add_option("--unit", o.unit, "of the acceleration: m/s2 or g")
                     ->capture_default_str()
                     ->check(CLI::IsMember({"m/s2", "g"}));
    thermal->excludes(wrist)->excludes(unit);
    c->add_option("--device", o.device, "code of the device, to be named in the signal");
    c->callback([&] { code = detect_fall(o); });
}

struct Paths {
    Place place;
    std::string a;
    std::string b;
    std::string month;
    bool timeline = false;
    std::vector<std::string> list;
    std::vector<std::string> keys;
};

}  // namespace

int main(int argc, char** argv) try {
    CLI::App app("Shoumen 守门: community safety, from a signal to a closed incident");
    app.require_subcommand(1);
    app.set_version_flag("--version", "shoumen " + std::string(shell::version));
    int code = cannot_run;
    ServeOptions serve_options;
    ReplayOptions replay_options;
    MapTryOptions map_options;
    DetectFallOptions detect_options;
    PolicyTryOptions try_options;
    PolicyActivateOptions activate_options;
    SimulateOptions simulate_options;
    TownFiles town_options;
    WitnessOptions witness_options;
    Paths p;
    KeyOptions key_options;

    add_serve(app, serve_options, code);
    add_simulate(app, simulate_options, town_options, code);
    add_detect(app, detect_options, code);

    auto* c = app.add_subcommand("check", "prove a community directory sound; exit 0 fine, 1 findings, 2 cannot run");
    c->add_option("directory", p.a)->required();
    c->add_option("--month", p.month, "month of the duty table, as 2026-11 (default: this month)");
    c->callback([&] { code = check(p.a, p.month); });

    auto* map_command = app.add_subcommand("map", "maps: how foreign payloads are read");
    map_command->require_subcommand(1);
    c = map_command->add_subcommand("try", "what a map makes of payloads; exit 0 all read, 1 some not, 2 cannot run");
    c->add_option("map", map_options.map, "a map file, or a community directory")->required();
    c->add_option("file", map_options.file,
                  "lines {\"topic\": …, \"payload\": …}; with --topic one payload (default: stdin)");
    c->add_option("--topic", map_options.topic, "the topic it is published on");
    c->add_option("--own", map_options.own, "code of the device that sends it")->capture_default_str();
    c->callback([&] { code = map_try(map_options); });

    c = app.add_subcommand("replay",
                           "recorded inputs through the same core on their own clock; what was decided, as JSON");
    c->add_option("--community", replay_options.community, "community directory")->required();
    c->add_flag("--timeline", replay_options.timeline, "each incident with its timeline");
    c->add_option("files", replay_options.files)->required();
    c->callback([&] { code = replay(replay_options); });

    auto* policy_command = app.add_subcommand("policy", "community directories beside one another");
    policy_command->require_subcommand(1);
    c = policy_command->add_subcommand("try",
                                       "what a changed directory would have made of recorded signals, rule by rule");
    c->add_option("candidate", try_options.candidate, "the changed community directory")->required();
    c->add_option("files", try_options.files, "recorded inputs")->required();
    c->add_option("--community", try_options.community, "the directory in force")->required();
    c->callback([&] { code = policy_try(try_options); });

    c = policy_command->add_subcommand("activate",
                                       "a changed directory takes force in a running node, without a restart");
    c->add_option("directory", activate_options.directory)->required();
    c->add_option("--http", activate_options.http, "the node's HTTP door")->capture_default_str();
    c->add_option("--account", activate_options.account,
                  "an administrator; its password by SHOUMEN_PASSWORD, or asked for")
        ->capture_default_str();
    c->callback([&] { code = policy_activate(activate_options); });

    c = app.add_subcommand("export", "the recorded inputs of a data directory, a line each");
    add_place(c, p.place);
    c->callback([&] { code = export_inputs(p.place); });

    c = app.add_subcommand("decisions", "what a node decided, in the form of replay");
    add_place(c, p.place);
    c->add_flag("--timeline", p.timeline, "each incident with its timeline");
    c->callback([&] { code = decisions(p.place, p.timeline); });

    c = app.add_subcommand("verify",
                           "check the chain of the log from its first input (backup checks the rest: rows and photos)");
    add_place(c, p.place);
    c->callback([&] { code = verify(p.place); });

    auto* ledger_command = app.add_subcommand("ledger", "proof of what was done");
    ledger_command->require_subcommand(1);
    c = ledger_command->add_subcommand(
        "verify", "check receipts, checkpoints and exported ledgers from files alone, as shoumen-verify does");
    c->add_option("--key", p.keys, "public keys, a line each: the log's and the witnesses'")->allow_extra_args(false);
    c->add_option("files", p.list)->required();
    c->callback([&] { code = ledger_verify(p.keys, p.list); });
    c = ledger_command->add_subcommand("export", "checkpoints, tiles and rows for whoever checks them elsewhere");
    add_place(c, p.place);
    c->add_option("--to", p.b, "a directory that does not exist yet")->required();
    c->callback([&] { code = ledger_export(p.place, p.b); });

    c = app.add_subcommand("witness", "follow a ledger from another machine and co-sign it while it only grows");
    c->add_option("--log", witness_options.log, "the ledger's node, as https://10.0.0.5:8443 or http://10.0.0.5:8080")
        ->required();
    c->add_option("--ca", witness_options.authorities,
                  "the authority of the node's certificate (PEM; default: those of the system)");
    c->add_option("--key", witness_options.key, "private key; made where there is none")->required();
    c->add_option("--state", witness_options.state, "file that remembers what was co-signed last")->required();
    c->add_option("--name", witness_options.name, "name of the witness, without spaces (default: made from its key)");
    c->add_option(
        "--log-keys", witness_options.log_keys,
        "the log's public keys, handed over beforehand (default: those it shows first, kept beside the state)");
    c->add_option("--every", witness_options.every_s, "seconds between two looks")
        ->capture_default_str()
        ->check(within(0.05, 86'400));
    c->add_flag("--once", witness_options.once, "one look; exit 0 co-signed, 1 refused, 2 could not look");
    c->callback([&] { code = witness(witness_options); });

    c = app.add_subcommand("backup", "copy a data directory, also of a running node");
    add_place(c, p.place);
    c->add_option("--to", p.b, "a directory that does not exist yet")->required();
    c->callback([&] { code = backup(p.place, p.b); });

    c = app.add_subcommand("restore", "make a data directory from a backup");
    c->add_option("--from", p.a)->required();
    add_place(c, p.place, "an empty directory, or none");
    c->callback([&] { code = restore(p.a, p.place); });

    add_key_commands(app, key_options, p.place, p.a, p.b, code);

    c = app.add_subcommand("password", "a new one-time password for an account, while the node is not running");
    add_place(c, p.place);
    c->add_option("account", p.b)->required();
    c->callback([&] { code = password(p.place, p.b); });

    c = app.add_subcommand("token", "new device tokens, while the node is not running; printed once");
    c->add_option("--community", p.a)->required();
    add_place(c, p.place);
    add_keys(c, key_options);
    c->add_option("devices", p.list)->required();
    c->add_flag("--new", p.timeline, "make the data directory if it is not there");
    c->callback([&] { code = token(p.a, p.place, key_options, p.list, p.timeline); });

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        const int shown = app.exit(e);
        return shown == 0 ? fine : cannot_run;
    }
    return code;
} catch (const std::exception& e) {
    std::cerr << "shoumen: " << e.what() << '\n';
    return shoumen::app::cannot_run;
}

// The commands of the program, one function each; main.cpp is their table of contents. All return the process's exit
// code: 0 fine, 1 findings, 2 cannot run (with a line on stderr that says why and how to mend it). Private to room app.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace shoumen::app {

constexpr int fine = 0;
constexpr int findings = 1;
constexpr int cannot_run = 2;

struct Endpoint {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
};
// "127.0.0.1:8080", "[::1]:8080", "8080"; nullopt: none of these.
std::optional<Endpoint> parse_endpoint(const std::string& text, const std::string& default_address = "127.0.0.1");

// Where a node's data is.
struct Place {
    std::string data;
    std::string database;  // of PostgreSQL; empty: what SHOUMEN_DATABASE or SHOUMEN_DATABASE_FILE says, else SQLite
};

// Where a node's keys are.
struct KeyOptions {
    std::string folder;             // empty: `keys` in the data directory
    std::string module;             // of PKCS#11; empty: the master key is a file
    std::string token;              // its label
    std::string pin_file;           // with the token's user PIN
    std::string suite = "aes-gcm";  // of keys that are made: aes-gcm, sm4-sm3
    std::string erased;             // who has been erased; empty: `erased` in the data directory
};

struct ServeOptions {
    std::string community;  // empty: the policy in the data directory goes on
    Place place;
    KeyOptions keys;
    std::string http = "127.0.0.1:8080";
    std::string mqtt = "127.0.0.1:1883";
    std::string https;  // empty: no such door
    std::string mqtts;
    std::string sip;                     // GB/T 28181; empty: no such door
    std::string sip_code;                // the platform's own, 20 digits
    std::string sip_reached_by;          // address that devices reach us by; empty: the one listened on
    std::uint32_t sip_keepalive_s = 60;  // as set in the devices
    std::vector<std::string> tls_names;  // what the node is reached by
    std::string tls_certificate;         // empty: made and renewed by the program
    std::string tls_key;
    std::string device_certificates = "optional";  // at the mqtts door: optional, required
    std::string share;                             // where pages and contracts lie; empty: beside the program
    bool demo = false;
    double demo_speed = 60;  // how fast the demo's scripted day runs
    std::uint64_t demo_seed = 20260303;
    bool demo_feed = true;
    std::string clock_start;  // RFC 3339; empty: the system's clock
    double clock_rate = 1;
    std::string clock_step;  // "5s,-1h": a jump by the second after the first
    std::string log_format;  // json, text; empty: json where stderr is no terminal
    std::string metrics_token_file;
    std::string sms_gateway;  // https://…; empty: no codes to telephones
    std::string sms_secret_file;
    std::string oidc_issuer;  // empty: no single sign-on
    std::string oidc_client;
    std::string oidc_secret_file;
    std::string oidc_redirect;  // https://this node/sign-in/return
    std::string outgoing_ca;    // authorities for both, PEM; empty: the system's
    double watch_every_s = 5;
    std::uint32_t gateway_silent_after_s = 900;
    std::uint32_t witness_silent_after_s = 3'600;
    std::string ledger_hash = "sha256";  // of a new ledger: sha256, sm3
    bool snapshots = true;
    std::uint64_t snapshot_inputs = 2'000'000;
    std::uint32_t stop_after_s = 0;        // 0: until a signal; for measurements
    std::string panel;                     // fire panels, GB/T 26875.3; empty: no such door
    std::vector<std::string> panel_peers;  // addresses and networks they may come from
};
int serve(const ServeOptions& options);

// The ledger for whoever checks it elsewhere: signed checkpoints, tiles, and the rows the leaves commit to.
int ledger_verify(const std::vector<std::string>& keys, const std::vector<std::string>& files);
int ledger_export(const Place& place, const std::string& to);

struct WitnessOptions {
    std::string log;          // http://host:port, https://host:port
    std::string authorities;  // PEM; whose certificate the log must show; empty: the system's
    std::string key;          // private key of the witness; made where there is none
    std::string state;        // what it has co-signed last
    std::string name;         // empty: made from its key
    std::string log_keys;     // the log's public keys; empty: those it shows first, kept beside the state
    double every_s = 60;
    bool once = false;
};
int witness(const WitnessOptions& options);

int check(const std::string& directory, const std::string& month);

struct MapTryOptions {
    std::string map;          // a map file, or a community directory
    std::string topic;        // empty: each line of the input names its own
    std::string file;         // empty or "-": stdin
    std::string own = "own";  // code of the device that is taken for the sender
};
int map_try(const MapTryOptions& options);

struct ReplayOptions {
    std::string community;
    std::vector<std::string> files;
    bool timeline = false;  // each incident with its timeline
};
int replay(const ReplayOptions& options);

// How another policy would have judged recorded signals.
struct PolicyTryOptions {
    std::string candidate;
    std::string community;  // the one in force
    std::vector<std::string> files;
};
int policy_try(const PolicyTryOptions& options);

struct PolicyActivateOptions {
    std::string directory;
    std::string http = "127.0.0.1:8080";
    std::string account = "admin";
};
int policy_activate(const PolicyActivateOptions& options);

int export_inputs(const Place& place);             // recorded inputs, a line each
int decisions(const Place& place, bool timeline);  // what was decided, in the form of replay's stdout
int backup(const Place& place, const std::string& target);
int restore(const std::string& source, const Place& place);
// The keys apart from the data: a file under a passphrase, back from it, and a new master key (the node stopped).
int keys_backup(const KeyOptions& keys, const Place& place, const std::string& to, const std::string& passphrase_file);
int keys_restore(const KeyOptions& keys, const Place& place, const std::string& from,
                 const std::string& passphrase_file);
int keys_rotate(const KeyOptions& keys, const Place& place);
int verify(const Place& place);  // the chain of the log
// A new one-time password for an account whose own is lost; its sessions end.
int password(const Place& place, const std::string& account);
int token(const std::string& community, const Place& place, const KeyOptions& keys,
          const std::vector<std::string>& devices, bool fresh);

}  // namespace shoumen::app

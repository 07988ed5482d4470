// The release program as a child process, on ports and in directories of its own.
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace shoumen::support {

// The program under test: $SHOUMEN_PROGRAM, else the one beside this one (…/bin/shoumen).
std::string program_path();
// A new directory under $TMPDIR (or /var/tmp: on a disk, not in memory); removed by the destructor.
class Scratch {
public:
    Scratch();
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    [[nodiscard]] std::string path(const std::string& name) const { return root_ + "/" + name; }

private:
    std::string root_;
};

struct Ended {
    int code = -1;  // exit code; -1: by a signal
    std::string out;
    std::string err;
};
// Runs the program to its end.
Ended run_to_end(const std::vector<std::string>& arguments);
// The same; its stdout. Throws std::runtime_error where it does not end with 0.
std::string run_program(const std::vector<std::string>& arguments);
// `device <code> token <token>` and `account <name> password <password>` lines.
std::map<std::string, std::string> secrets_in(const std::string& output, const std::string& word);

class Server {
public:
    // Starts `serve` with these and free ports, and waits for its line `ready`. Throws where it ends before that.
    explicit Server(const std::vector<std::string>& arguments);
    ~Server();  // stop()
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void kill_hard();  // SIGKILL
    int stop();        // SIGTERM; its exit code
    [[nodiscard]] bool running();
    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] std::string log() const;  // stderr so far
    [[nodiscard]] std::uint16_t http_port() const { return http_; }
    [[nodiscard]] std::uint16_t mqtt_port() const { return mqtt_; }
    [[nodiscard]] const std::string& output() const { return output_; }
    [[nodiscard]] double seconds_to_ready() const { return seconds_to_ready_; }
    [[nodiscard]] double rss_mb() const;
    [[nodiscard]] double processor_seconds() const;

private:
    pid_t pid_ = -1;
    int out_ = -1;
    std::uint16_t http_ = 0;
    std::uint16_t mqtt_ = 0;
    std::string output_;
    double seconds_to_ready_ = 0;
    std::string log_path_;
};

}  // namespace shoumen::support

// A line to a database server that can be cut at the moment that hurts: a TCP port on loopback whose bytes are passed
// on to a socket of the server and back.
#pragma once
#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace shoumen::support {

class Line {
public:
    explicit Line(std::string server_socket);
    ~Line();
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    // At the next COMMIT: it reaches the server and is done, its answer does not come back, and both ends are closed.
    void lose_answer_to_commit() { at_commit_ = AtCommit::lose_answer; }
    // At the next COMMIT: it does not reach the server, and both ends are closed.
    void lose_commit() { at_commit_ = AtCommit::lose_request; }
    // The client's end is closed; the server is not told.
    void vanish() { vanish_ = true; }
    [[nodiscard]] int cuts() const { return cuts_; }
    [[nodiscard]] std::string address(const std::string& database) const;

private:
    enum class AtCommit { pass, lose_answer, lose_request };
    struct Pair {
        int client = -1;
        int server = -1;
        bool answer_is_lost = false;
    };

    void run();
    void accept_one();
    bool pass_on(Pair& pair);    // from the client; false: closed
    bool pass_back(Pair& pair);  // from the server
    void close_pair(Pair& pair);

    const std::string server_socket_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::vector<Pair> pairs_;
    std::atomic<AtCommit> at_commit_{AtCommit::pass};
    std::atomic<bool> vanish_{false};
    std::atomic<bool> ending_{false};
    std::atomic<int> cuts_{0};
    std::thread thread_;
};

}  // namespace shoumen::support

// A PostgreSQL 15 server for tests and measurements, with a cluster of its own in a directory of its own, reached by a
// socket in that directory; gone when it is destroyed. The Debian package's own cluster plays no part.
//
// PostgreSQL does not run as root: where we are, its processes are those of the user `postgres` (or nobody).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace shoumen::support {

class PostgresServer {
public:
    // initdb, then start. Settings as "name=value". Throws std::runtime_error with the server's log where it fails.
    explicit PostgresServer(std::vector<std::string> settings = {});
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    void start();      // and waits until it takes connections
    void stop();       // at once, but orderly (SIGINT: sessions are ended)
    void kill_hard();  // SIGKILL to all of its processes: what was only in their memory is lost
    void freeze();     // SIGSTOP to all: still there, but nobody answers
    void thaw();

    // An empty database, UTF8 unless told otherwise; its name.
    static constexpr const char* ordinary = "ENCODING 'UTF8' TEMPLATE template0";
    std::string create_database(const std::string& how = ordinary);
    void empty_database(const std::string& name);                          // to be given out again
    [[nodiscard]] std::string address(const std::string& database) const;  // for libpq
    [[nodiscard]] std::string socket() const;                              // its path
    // The first column of the first row, empty if there is none. Throws where the server says no.
    std::string execute(const std::string& database, const std::string& sql);
    [[nodiscard]] std::string log() const;
    [[nodiscard]] bool running() const { return pid_ > 0; }

private:
    [[nodiscard]] std::vector<pid_t> processes() const;
    void end(int signal);

    std::string root_;
    std::vector<std::string> settings_;
    pid_t pid_ = -1;
    int databases_ = 0;
    std::vector<std::string> emptied_;
};

// One for the whole test program, for tests that leave it running.
PostgresServer& shared_postgres();

// A database of its own on a server, emptied in the end.
class PostgresDatabase {
public:
    explicit PostgresDatabase(PostgresServer& server = shared_postgres())
        : server_(server), name_(server.create_database()) {}
    ~PostgresDatabase() {
        if (server_.running()) server_.empty_database(name_);
    }
    PostgresDatabase(const PostgresDatabase&) = delete;
    PostgresDatabase& operator=(const PostgresDatabase&) = delete;
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::string address() const { return server_.address(name_); }
    std::string execute(const std::string& sql) { return server_.execute(name_, sql); }

private:
    PostgresServer& server_;
    std::string name_;
};

}  // namespace shoumen::support

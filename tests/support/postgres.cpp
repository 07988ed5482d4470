#include "support/postgres.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace shoumen::support {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char* binaries = "/usr/lib/postgresql/15/bin";

struct User {
    uid_t uid = 0;
    gid_t gid = 0;
};

User server_user() {
    if (::geteuid() != 0) return {::geteuid(), ::getegid()};
    const passwd* found = ::getpwnam("postgres");
    return found ? User{found->pw_uid, found->pw_gid} : User{65'534, 65'534};
}

// As the server's user, its output into a file; ends with us, however we end.
pid_t start_program(const std::string& name, const std::vector<std::string>& arguments, const std::string& log) {
    const std::string program = fmt::format("{}/{}", binaries, name);
    if (!fs::exists(program)) throw std::runtime_error(program + " is missing: ./dev setup test");
    const User user = server_user();
    std::vector<std::string> hold{program};
    hold.insert(hold.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    argv.reserve(hold.size() + 1);
    for (auto& a : hold) argv.push_back(a.data());
    argv.push_back(nullptr);
    const pid_t pid = ::fork();
    if (pid != 0) return pid;
    if (::geteuid() == 0 && (::setgid(user.gid) != 0 || ::setuid(user.uid) != 0)) ::_exit(126);
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
    const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (file >= 0) {
        ::dup2(file, STDOUT_FILENO);
        ::dup2(file, STDERR_FILENO);
    }
    const int nothing = ::open("/dev/null", O_RDONLY);
    if (nothing >= 0) ::dup2(nothing, STDIN_FILENO);
    // Nothing else of ours may stay open in a process that outlives a part of the test.
    for (int fd = 3; fd < 1'024; ++fd) ::close(fd);
    ::execv(argv[0], argv.data());
    ::_exit(127);
}

int end_of(pid_t pid) {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct Stat {
    char state = 'X';
    pid_t parent = 0;
};

Stat stat_of(const std::string& pid) {
    std::ifstream in("/proc/" + pid + "/stat");
    std::string text{std::istreambuf_iterator<char>(in), {}};
    Stat stat;
    // After the name, which may hold anything.
    if (const auto at = text.rfind(')'); at != std::string::npos)
        std::istringstream(text.substr(at + 1)) >> stat.state >> stat.parent;
    return stat;
}

bool is_gone(pid_t pid) {
    const char state = stat_of(std::to_string(pid)).state;
    return state == 'X' || state == 'Z';
}

}  // namespace

PostgresServer::PostgresServer(std::vector<std::string> settings) : settings_(std::move(settings)) {
    const char* tmp = std::getenv("TMPDIR");
    std::string form = std::string(tmp != nullptr ? tmp : "/var/tmp") + "/shoumen-pg-XXXXXX";
    if (::mkdtemp(form.data()) == nullptr) throw std::runtime_error("no directory for a database server");
    root_ = form;
    const User user = server_user();
    if (::chown(root_.c_str(), user.uid, user.gid) != 0) throw std::runtime_error("cannot hand over " + root_);
    const pid_t pid = start_program("initdb",
                                    {"-D", root_ + "/cluster", "-U", "shoumen", "-A", "trust", "-E", "UTF8",
                                     "--locale=C.UTF-8", "--no-sync", "--no-instructions"},
                                    root_ + "/log");
    if (end_of(pid) != 0) throw std::runtime_error("initdb failed: " + log());
    start();
}

PostgresServer::~PostgresServer() {
    if (running()) end(SIGQUIT);  // nobody needs what it would still write down
    std::error_code ignored;
    fs::remove_all(root_, ignored);
}

void PostgresServer::start() {
    std::vector<std::string> arguments{"-D", root_ + "/cluster",
                                       "-k", root_,
                                       "-h", "",
                                       "-c", "max_connections=50",
                                       "-c", "recovery_init_sync_method=syncfs"};
    for (const auto& s : settings_) arguments.insert(arguments.end(), {"-c", s});
    const auto limit = Clock::now() + std::chrono::seconds(60);
    while (Clock::now() < limit) {
        if (pid_ <= 0) pid_ = start_program("postgres", arguments, root_ + "/log");
        if (PQping(address("postgres").c_str()) == PQPING_OK) return;
        // After a hard end it refuses until the last of the processes before is gone.
        if (::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    throw std::runtime_error("PostgreSQL did not start: " + log());
}

void PostgresServer::stop() { end(SIGINT); }

void PostgresServer::end(int signal) {
    ::kill(pid_, signal);
    end_of(pid_);
    pid_ = -1;
}

// The first is the server itself, the others its children.
std::vector<pid_t> PostgresServer::processes() const {
    std::vector<pid_t> all{pid_};
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const auto name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") == std::string::npos && stat_of(name).parent == pid_)
            all.push_back(std::stoi(name));
    }
    return all;
}

void PostgresServer::kill_hard() {
    ::kill(pid_, SIGSTOP);  // no more children from here on
    const auto all = processes();
    for (const pid_t pid : all) ::kill(pid, SIGKILL);
    end_of(pid_);
    pid_ = -1;
    for (const pid_t pid : all) {
        while (pid != all.front() && !is_gone(pid)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

void PostgresServer::freeze() {
    for (const pid_t pid : processes()) ::kill(pid, SIGSTOP);
}

void PostgresServer::thaw() {
    for (const pid_t pid : processes()) ::kill(pid, SIGCONT);
}

std::string PostgresServer::create_database(const std::string& how) {
    if (how == ordinary && !emptied_.empty()) {
        const auto name = emptied_.back();
        emptied_.pop_back();
        return name;
    }
    const auto name = fmt::format("test_{}", ++databases_);
    execute("postgres", fmt::format("CREATE DATABASE {} {}", name, how));
    return name;
}

// To drop a database costs a checkpoint; to empty it costs next to nothing.
void PostgresServer::empty_database(const std::string& name) {
    execute(name,
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND "
            "pid <> pg_backend_pid()");
    execute(name, "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC");
    emptied_.push_back(name);
}

std::string PostgresServer::address(const std::string& database) const {
    return fmt::format("host={} user=shoumen dbname={}", root_, database);
}

std::string PostgresServer::socket() const { return root_ + "/.s.PGSQL.5432"; }

std::string PostgresServer::execute(const std::string& database, const std::string& sql) {
    const std::unique_ptr<PGconn, void (*)(PGconn*)> db(PQconnectdb(address(database).c_str()), PQfinish);
    PQsetNoticeReceiver(db.get(), [](void*, const PGresult*) {}, nullptr);
    const std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(db.get(), sql.c_str()), PQclear);
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        throw std::runtime_error(fmt::format("{}: {}", sql, PQerrorMessage(db.get())));
    return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
}

std::string PostgresServer::log() const {
    std::ifstream in(root_ + "/log");
    return {std::istreambuf_iterator<char>(in), {}};
}

PostgresServer& shared_postgres() {
    static PostgresServer server;
    return server;
}

}  // namespace shoumen::support

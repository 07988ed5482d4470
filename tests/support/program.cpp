#include "support/program.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace shoumen::support {
namespace {

std::vector<char*> argv_of(const std::string& program, const std::vector<std::string>& arguments,
                           std::vector<std::string>& hold) {
    hold = {program};
    hold.insert(hold.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (auto& a : hold) argv.push_back(a.data());
    argv.push_back(nullptr);
    return argv;
}

// stderr goes to the file `err` where one is named.
pid_t start(const std::vector<std::string>& arguments, int& out, const std::string& err = {}) {
    int pipe_ends[2];
    if (pipe2(pipe_ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    std::vector<std::string> hold;
    auto argv = argv_of(program_path(), arguments, hold);
    const pid_t pid = fork();
    if (pid == 0) {
        dup2(pipe_ends[1], STDOUT_FILENO);
        if (!err.empty()) {
            const int file = open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
            if (file >= 0) dup2(file, STDERR_FILENO);
        }
        execv(argv[0], argv.data());
        _exit(127);
    }
    close(pipe_ends[1]);
    out = pipe_ends[0];
    return pid;
}

std::string temporary_file() {
    std::string form = "/tmp/shoumen-stderr-XXXXXX";
    const int file = mkstemp(form.data());
    if (file >= 0) close(file);
    return form;
}

std::string content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

std::string program_path() {
    if (const char* named = std::getenv("SHOUMEN_PROGRAM")) return named;
    return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "shoumen").string();
}

Scratch::Scratch() {
    const char* tmp = std::getenv("TMPDIR");
    std::string form = std::string(tmp != nullptr ? tmp : "/var/tmp") + "/shoumen-XXXXXX";
    if (mkdtemp(form.data()) == nullptr) throw std::runtime_error("no scratch directory");
    root_ = form;
}

Scratch::~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
}

Ended run_to_end(const std::vector<std::string>& arguments) {
    int out = -1;
    const std::string err = temporary_file();
    const pid_t pid = start(arguments, out, err);
    Ended ended;
    char buffer[4096];
    for (ssize_t n = 0; (n = read(out, buffer, sizeof buffer)) > 0;)
        ended.out.append(buffer, static_cast<std::size_t>(n));
    close(out);
    int status = 0;
    waitpid(pid, &status, 0);
    ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    ended.err = content_of(err);
    unlink(err.c_str());
    return ended;
}

std::string run_program(const std::vector<std::string>& arguments) {
    Ended ended = run_to_end(arguments);
    if (ended.code != 0) throw std::runtime_error("the program failed: " + arguments.front() + ": " + ended.err);
    return std::move(ended.out);
}

std::map<std::string, std::string> secrets_in(const std::string& output, const std::string& word) {
    std::map<std::string, std::string> found;
    std::istringstream in(output);
    std::string line;
    while (std::getline(in, line)) {
        std::istringstream words(line);
        std::string first, name, what, secret;
        if (words >> first >> name >> what >> secret && first == word) found[name] = secret;
    }
    return found;
}

Server::Server(const std::vector<std::string>& arguments) {
    std::vector<std::string> all{"serve", "--http", "127.0.0.1:0"};
    if (std::ranges::find(arguments, "--mqtt") == arguments.end()) all.insert(all.end(), {"--mqtt", "127.0.0.1:0"});
    all.insert(all.end(), arguments.begin(), arguments.end());
    const auto began = std::chrono::steady_clock::now();
    log_path_ = temporary_file();
    pid_ = start(all, out_, log_path_);
    char c = 0;
    std::string line;
    while (read(out_, &c, 1) == 1) {
        output_.push_back(c);
        if (c != '\n') {
            line.push_back(c);
            continue;
        }
        unsigned http = 0, mqtt = 0;
        if (std::sscanf(line.c_str(), "ready http://127.0.0.1:%u mqtt 127.0.0.1:%u", &http, &mqtt) == 2) {
            seconds_to_ready_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
            http_ = static_cast<std::uint16_t>(http);
            mqtt_ = static_cast<std::uint16_t>(mqtt);
            return;
        }
        line.clear();
    }
    const std::string why = content_of(log_path_);
    unlink(log_path_.c_str());
    waitpid(pid_, nullptr, 0);
    throw std::runtime_error("the program ended before it was ready: " + why);
}

Server::~Server() {
    stop();
    if (out_ >= 0) close(out_);
    unlink(log_path_.c_str());
}

int Server::stop() {
    if (pid_ <= 0) return 0;
    ::kill(pid_, SIGTERM);
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool Server::running() { return pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == 0; }

std::string Server::log() const { return content_of(log_path_); }

void Server::kill_hard() {
    ::kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

double Server::rss_mb() const {
    std::ifstream in("/proc/" + std::to_string(pid_) + "/status");
    std::string word;
    double kb = 0;
    while (in >> word) {
        if (word == "VmRSS:") in >> kb;
    }
    return kb / 1024;
}

double Server::processor_seconds() const {
    std::ifstream in("/proc/" + std::to_string(pid_) + "/stat");
    std::string word;
    double user = 0, system = 0;
    for (int i = 1; i <= 15 && in >> word; ++i) {
        if (i == 14) user = std::stod(word);
        if (i == 15) system = std::stod(word);
    }
    return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace shoumen::support

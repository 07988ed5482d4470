// The server on a free port and a thread of its own, with a fake Desk and a fake Intake.
#pragma once
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <stdlib.h>

#include "doors/http/server.hpp"
#include "testing/client.hpp"
#include "testing/fakes.hpp"

namespace shoumen::doors::http::testing {

class Folder {
public:
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "shoumen-http-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~Folder() {
        std::error_code ec;
        std::filesystem::remove_all(path_, ec);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    void write(const std::string& name, const std::string& text) const {
        const auto file = std::filesystem::path(path_) / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << text;
    }
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};

// Takes what begins with "good".
class FakeLedger final : public ports::Ledger {
public:
    std::optional<File> file(std::string_view path) override {
        if (path == "checkpoint") return File{"log\n", "text/plain; charset=utf-8", false};
        if (path == "tile/0/x001/000.p/3") return File{"abc", "application/octet-stream", true};
        return std::nullopt;
    }
    void cosigned(std::string note, std::function<void(base::Result<void>)> done) override {
        if (note.empty()) return done(base::fail("bad-note", ""));
        done(note.starts_with("good") ? base::Result<void>{} : base::fail("unknown-witness", ""));
    }
    void reported(std::string note, std::function<void(base::Result<void>)> done) override {
        cosigned(std::move(note), std::move(done));
    }
};
inline FakeLedger fake_ledger;

inline Options test_options() {
    Options o;
    o.port = 0;
    o.ledger = &fake_ledger;
    o.api_dir = SHOUMEN_SOURCE_DIR "/api";
    return o;
}

inline const std::string officer = "Authorization: Bearer tok-officer\r\n";
inline const std::string admin = "Authorization: Bearer tok-admin\r\n";
inline const std::string device = "Authorization: Bearer dev-smoke\r\n";
inline const std::string as_text = "Content-Type: text/plain\r\n";
inline const std::string as_json = "Content-Type: application/json\r\n";

class Served {
public:
    // Runs on the io thread and waits for it.
    template <class F>
    auto on_io(F call) {
        auto task = std::make_shared<std::packaged_task<decltype(call())()>>(std::move(call));
        auto done = task->get_future();
        boost::asio::post(io_, [task] { (*task)(); });
        return done.get();
    }
    explicit Served(Options options = test_options())
        : desk(io_), server_(std::make_unique<Server>(io_, intake, desk, std::move(options))) {
        started = server_->start();
        port = server_->port();
        thread_ = std::thread([this] { io_.run(); });
    }
    ~Served() {
        on_io([this] { server_->stop(); });
        guard_.reset();
        thread_.join();  // returns only when nothing is left to do: no connection, no timer
        server_.reset();
    }
    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;

    // Waits (without end, but for the test's own time limit) until it holds on the io thread.
    template <class F>
    void until(F holds) {
        while (!on_io(holds)) std::this_thread::yield();
    }
    void stop() { server_->stop(); }  // on the io thread
    Got ask(std::string_view method, std::string_view target, std::string_view headers = "",
            std::string_view body = "") const {
        return Client(port).ask(method, target, headers, body);
    }

private:
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{io_.get_executor()};

public:
    FakeDesk desk;
    FakeIntake intake;
    base::Result<void> started;
    std::uint16_t port = 0;

private:
    std::unique_ptr<Server> server_;
    std::thread thread_;
};

}  // namespace shoumen::doors::http::testing

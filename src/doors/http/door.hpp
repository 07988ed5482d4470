// What all connections share, and the way of a request through the door without its socket: admit() on the headers,
// handle() on the whole. Made once by the Server; one thread.
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <boost/asio/io_context.hpp>

#include "doors/http/server.hpp"

#include "catalogue.hpp"
#include "figures.hpp"
#include "gate.hpp"
#include "live.hpp"
#include "render.hpp"
#include "routes.hpp"
#include "signals.hpp"
#include "statics.hpp"

namespace shoumen::doors::http {

Answer json_answer(unsigned status, std::string body);

class Door : public std::enable_shared_from_this<Door> {
public:
    Door(boost::asio::io_context& io, ports::Intake& intake, ports::Desk& desk, Options options);
    Door(const Door&) = delete;
    Door& operator=(const Door&) = delete;

    // Reads contracts and the console's files. Code: contract-missing.
    base::Result<void> load();
    void start();  // begins to follow Desk and Intake
    void stop();

    // On the headers alone: a refusal or a file, or the call that its body may be read for.
    std::variant<Answer, std::shared_ptr<Call>> admit(Head head);
    // With the body in its place. The handler answers now or later, through call->reply.
    void handle(const std::shared_ptr<Call>& call);

    Answer error(const base::Error& error, unsigned status = 0);
    // Null: there is no policy yet.
    Phrases* phrases();

    [[nodiscard]] ports::Desk& desk() { return desk_; }
    [[nodiscard]] ports::Intake& intake() { return intake_; }
    [[nodiscard]] const Options& options() const { return options_; }
    [[nodiscard]] const Catalogue& catalogue() const { return catalogue_; }
    [[nodiscard]] Figures& figures() { return figures_; }
    [[nodiscard]] Hub& hub() { return hub_; }
    [[nodiscard]] SignalDesk& signals() { return signals_; }
    [[nodiscard]] const std::shared_ptr<const std::string>& openapi_text() const { return openapi_text_; }
    [[nodiscard]] const std::shared_ptr<const std::string>& errors_text() const { return errors_text_; }
    [[nodiscard]] std::string_view http_date();
    // Where the head of an answer is made, by whoever writes at the moment: a fresh one would be too large for the
    // allocator's quick ways.
    [[nodiscard]] std::string& head_room() { return head_room_; }

    // Room for a body among all that are being read; release what was granted.
    bool reserve_body(std::size_t bytes);
    void release_body(std::size_t bytes) { bodies_ -= bytes; }

    void log(ports::LogLevel level, const char* event, std::string text, std::vector<ports::LogField> fields) const {
        if (options_.log) options_.log({level, event, std::move(text), std::move(fields)});
    }

private:
    Answer file(const Head& head);
    Answer ledger_file(const Head& head);  // handlers_ledger.cpp
    [[nodiscard]] bool is_scraper(const Head& head) const;
    std::optional<base::Error> pass_gate(Need need, const Passes& passes, const Head& head, Call& call);
    std::optional<base::Error> pass_signed_in(Need need, const Passes& passes, const Head& head,
                                              const Credentials& credentials, Call& call);

    ports::Intake& intake_;
    ports::Desk& desk_;
    Options options_;
    Catalogue catalogue_;
    std::shared_ptr<const std::string> openapi_text_;
    std::shared_ptr<const std::string> errors_text_;
    Statics statics_;
    std::unique_ptr<Phrases> phrases_;
    Figures figures_;
    Hub hub_;
    SignalDesk signals_;
    std::size_t bodies_ = 0;
    base::Time date_second_ = base::Time::none();
    std::string date_;
    std::string head_room_;
};

}  // namespace shoumen::doors::http

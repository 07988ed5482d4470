#include "text_gateway.hpp"

#include <boost/json.hpp>
#include <fmt/core.h>

namespace shoumen::app {

TextGateway::TextGateway(Url url, std::string secret, std::string authorities, Post post)
    : url_(std::move(url)), secret_(std::move(secret)), authorities_(std::move(authorities)), post_(std::move(post)) {}

void TextGateway::send(std::string number, std::string text, std::function<void(base::Result<void>)> done) {
    const bool queued = errands_.run([this, number = std::move(number), text = std::move(text), done] {
        Outgoing request;
        request.method = "POST";
        request.headers = {{"Content-Type", "application/json"}};
        if (!secret_.empty()) request.headers.emplace_back("Authorization", "Bearer " + secret_);
        request.body = boost::json::serialize(boost::json::object{{"to", number}, {"text", text}});
        const auto answer = call(url_, request, authorities_);
        base::Result<void> sent;
        if (!answer)
            sent = tl::unexpected(answer.error());
        else if (answer->status < 200 || answer->status > 299)
            sent = base::fail("gateway-refused", fmt::format("{} answers {}", url_.origin(), answer->status));
        post_([done, sent] { done(sent); });
    });
    if (!queued) done(base::fail("busy", "too many messages wait"));
}

}  // namespace shoumen::app

// POST /signals and what is pushed in the form of others: takes what devices say, and answers when it is on disk.
//
// An array may be larger than the room there is: what did not fit waits here and goes in as room comes, so that a
// sender is told `busy` only when nothing at all was taken. The answer leaves when the watermark has passed the last
// ticket. A request whose sender has gone, or has been told to send again, is dropped where it stands; the message ids
// tell repeats apart.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "doors/payload/mapped.hpp"
#include "doors/payload/native.hpp"
#include "ports/intake.hpp"

#include "json_writer.hpp"
#include "routes.hpp"

namespace shoumen::doors::http {

class SignalDesk {
public:
    SignalDesk(ports::Intake& intake, Door& door);

    void start();
    // Forgets the Intake, unless somebody still waits for an answer: that one comes with the last commit.
    void stop();
    void take(const std::shared_ptr<Call>& call);
    // By the maps of the policy, as if `payload` (part of the call's body) had come on this topic. Answered with 200,
    // also what is quarantined: whoever pushes would send it for ever.
    // `pictures`, parts of the body too, go to the first device of which something was taken.
    void take_mapped(const std::shared_ptr<Call>& call, std::string topic, std::string_view payload,
                     std::vector<std::string_view> pictures = {});
    void refuse_mapped(const std::shared_ptr<Call>& call, const base::Error& why);

private:
    struct Delivery {
        std::shared_ptr<Call> call;
        std::size_t next = 0;  // the first that is not submitted yet
        std::size_t count = 0;
        std::uint64_t ticket = 0;
        std::uint64_t accepted = 0;
        std::uint64_t quarantined = 0;
        JsonWriter results;
        std::optional<base::Error> unreadable;  // the body is no JSON
        bool mapped = false;
        std::string topic;
        std::string_view payload;
        std::vector<std::string_view> pictures;
        std::shared_ptr<const model::Policy> policy;  // whose map reads it
    };
    using DeliveryPtr = std::shared_ptr<Delivery>;
    enum class Progress { done, no_room };

    void refuse_whole(const DeliveryPtr& delivery, const base::Error& why);
    Progress submit_rest(Delivery& delivery);
    bool submit_one(Delivery& delivery);  // false: no room
    base::Result<std::size_t> read(Delivery& delivery);
    base::Result<model::FlatSignal> signal(const Delivery& delivery);
    static void add_result(Delivery& delivery, std::size_t index, const base::Error* why);
    void await_commit(const DeliveryPtr& delivery);
    void answer(Delivery& delivery);
    void on_progress();

    ports::Intake& intake_;
    Door& door_;
    NativeReader reader_;
    Topics topics_;
    MappedReader mapped_;
    std::deque<DeliveryPtr> committing_;  // by ticket, ascending
    std::deque<DeliveryPtr> for_room_;
    std::uint64_t registration_ = 0;
    bool following_ = false;
};

}  // namespace shoumen::doors::http

// A wider sight, opened for a short time by somebody whose role has it, with a reason (应急授权); and the duty roster
// as people read it. Asked on the io thread by the HTTP door; answers by callback come on it, after the commit.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ports/desk.hpp"

namespace shoumen::ports {

struct WiderSights {
    bool may = false;                 // whoever asks may open one
    base::Duration lasts;             // then for so long
    std::vector<WiderSightRow> rows;  // the newest first; reasons in clear. One's own, or all for who may see accounts
};

class WiderSightDesk {
public:
    virtual ~WiderSightDesk() = default;
    virtual base::Result<WiderSights> wider_sights(const Session& session) = 0;
    // Codes: by-token, forbidden, reason-needed, wider-open.
    virtual void open_wider(const Session& session, std::string reason,
                            std::function<void(base::Result<WiderSightRow>)> done) = 0;
    // One's own, or anybody's by who may change accounts. Code: unknown-wider-sight.
    virtual void close_wider(const Session& session, std::uint64_t id,
                             std::function<void(base::Result<void>)> done) = 0;
};

}  // namespace shoumen::ports

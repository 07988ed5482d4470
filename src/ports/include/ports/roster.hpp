// The duty roster (值班表) as people read it. Asked on the io thread by the HTTP door.
#pragma once
#include <vector>

#include "ports/desk.hpp"

namespace shoumen::ports {

// One person's turn at a body's duty. Whoever has it without a break has one long turn, cut to the days asked for.
struct Shift {
    model::BodyId body;
    model::Person person;
    std::vector<model::Channel> channels;  // by preference; empty: not reachable
    base::Time from;
    base::Time until;
};

struct Roster {
    base::Time from;                    // local midnight of today
    base::Time until;                   // local midnight after tomorrow
    std::vector<model::BodyId> bodies;  // those whoever asks may see, in the directory's order
    std::vector<Shift> shifts;          // by body, then by time
};

class RosterDesk {
public:
    virtual ~RosterDesk() = default;
    // Today and tomorrow. Code: forbidden.
    virtual base::Result<Roster> roster(const Session& session) = 0;
};

}  // namespace shoumen::ports

// How far the plan is reached (覆盖率), as people read it. Asked on the io thread by the HTTP door; the answer comes by
// callback on it too.
#pragma once
#include <functional>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/coverage.hpp"

namespace shoumen::ports {

struct Session;

// Alerts of what recognises (cameras, falling objects, crowds) that a person judged real or mistaken: one verdict for
// each source of an incident (model/precision.hpp), as on the page of precision.
struct Recognised {
    base::Time since;
    std::uint64_t judged = 0;
    std::uint64_t right = 0;
};

struct CoverageView {
    model::Coverage asked;                 // no targets: coverage.yaml asks for nothing
    std::vector<model::CoverageRow> rows;  // of places whose devices the session may see
    std::vector<model::Proposal> next;     // at such places
    Recognised recognised;                 // in all of the community
};

class CoverageDesk {
public:
    virtual ~CoverageDesk() = default;
    // With the next `devices` that would help most. Code: forbidden.
    virtual void coverage(const Session& session, std::size_t devices,
                          std::function<void(base::Result<CoverageView>)> done) = 0;
};

}  // namespace shoumen::ports

// Devices that are quiet on purpose, while somebody works on them: what rules find by them is held back until then.
//
// The shell says so by a record of subject "quiet/<code of the device>", whose number is the moment it ends (0: now).
// What was found meanwhile and has not passed by then is raised at that moment; what has passed leaves no trace. Part
// of the state that snapshots hold. Copyable.
#pragma once
#include <map>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "model/alert.hpp"

namespace shoumen::loop {

class Quiet {
public:
    static constexpr std::string_view subject = "quiet/";

    void begin(model::DeviceId device, base::Time until) { until_[device] = until; }
    // What was held back of it.
    std::vector<model::Alert> end(model::DeviceId device, base::Time now);
    // Of those whose time is up.
    std::vector<model::Alert> end_due(base::Time now);
    [[nodiscard]] base::Time next_due() const;  // never: nobody is quiet

    // Takes out of what was found at `now` what belongs to quiet devices.
    void hold_back(std::vector<model::Alert>& raised, std::vector<model::AlertCleared>& cleared);
    [[nodiscard]] std::size_t held() const { return held_.size(); }

    void encode(base::ByteWriter& out) const;
    base::Result<void> decode(base::ByteReader& in);

private:
    std::map<model::DeviceId, base::Time> until_;
    std::vector<model::Alert> held_;
};

}  // namespace shoumen::loop

// The memory of the sense step: which messages came before, and when each device was last heard.
//
// Repeats are told by (device, message id hash) alone. Remembered for each device: the last 32 ids at least (ring), so
// that a repeat is recognised however much later it comes, as long as fewer than 32 newer ids of that device came
// between; a device that sends fast is given a ring that grows up to 4,096 while its ids are younger than 10 minutes.
// Clock rule: see model::TimeVerdict; ±120 s inclusive. A late signal counts at its receipt: what may alert of it
// alerts now. A repeat shows that the device is alive (last_heard), and says nothing new about its clock. The bytes
// hold all that later answers depend on: a restart changes none of them. One thread.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "model/policy.hpp"
#include "model/signal.hpp"

namespace shoumen::sense {

struct Admitted {
    bool repeat = false;
    model::TimeVerdict verdict{};
    base::Time effective;  // the time that counts: the claimed one, or (receipt, clock_wrong, late) the receipt
};

model::TimeVerdict judge_time(base::Time claimed, base::Time received);

class Intake {
public:
    void adopt(const model::Policy& policy);      // room for new devices
    void prefetch(model::DeviceId device) const;  // says whose signal comes in about a dozen signals' time
    Admitted admit(const model::Signal& signal, base::Time received);

    [[nodiscard]] base::Time last_heard(model::DeviceId device) const;  // receive time; none: never
    [[nodiscard]] bool clock_wrong(model::DeviceId device) const;       // its last signal's claimed time was wrong
    [[nodiscard]] std::size_t bytes() const;                            // memory held, for the bench

    void encode(base::ByteWriter& out) const;
    base::Result<void> decode(base::ByteReader& in);  // code: data-damaged; then nothing has changed

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;  // copied on copy: see the copy operations
public:
    Intake();
    Intake(const Intake& other);
    Intake& operator=(const Intake& other);
    Intake(Intake&&) noexcept = default;
    Intake& operator=(Intake&&) noexcept = default;
    ~Intake();
};

}  // namespace shoumen::sense

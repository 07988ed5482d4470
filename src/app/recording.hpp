// Recorded inputs as text, a line each:
//   {"seq":1,"received":"…","input":"signal|command|timer|policy|record","body":{…}}
// A signal's body is the native form; without `received` its event time counts. A policy's body holds the directory's
// files, so that a recording stands by itself. Free text stands as its handle and salted hash, never in clear. Private
// to room app.
#pragma once
#include <cstdint>
#include <functional>
#include <istream>
#include <map>
#include <memory>
#include <ostream>
#include <string>

#include "base/result.hpp"
#include "doors/payload/native.hpp"
#include "model/input.hpp"
#include "model/policy.hpp"
#include "policy/directory.hpp"

namespace shoumen::app {

void write_line(std::ostream& out, const model::Policy& policy, const model::Batch& batch, std::size_t nth,
                const policy::Files* files);

// Reads lines into a batch. A line that cannot be read is an error with its line number; a signal that would be
// quarantined is counted by its code.
class RecordingReader {
public:
    RecordingReader();
    ~RecordingReader();

    // `policy`: in force for this line. A policy line fills `fresh` (compiled on top of `policy`), and is an input as
    // well. Returns false when the line brought no input (quarantined).
    base::Result<bool> read(const std::string& line, const model::Policy* policy, model::Batch& batch,
                            std::shared_ptr<const model::Policy>& fresh);
    // Number of the line read last, if it bore one.
    [[nodiscard]] std::uint64_t seq() const { return seq_; }
    [[nodiscard]] const std::map<std::string, std::uint64_t>& quarantined() const { return quarantined_; }

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
    std::uint64_t seq_ = 0;
    std::map<std::string, std::uint64_t> quarantined_;
};

}  // namespace shoumen::app

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
#include <optional>
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

    // `line`: doors::NativeReader::padding bytes behind it must be readable. `policy`: in force for it. A policy line
    // fills `fresh` (compiled on top of `policy`), and is an input as well. Returns false when the line brought no
    // input (quarantined).
    base::Result<bool> read(std::string_view line, const model::Policy* policy, model::Batch& batch,
                            std::shared_ptr<const model::Policy>& fresh);
    // A command may name its incident by the report that opened it ("report": its request, as hex) instead of by its
    // number, which nobody knows before. Asks which that is; invalid: none.
    void on_report(std::function<model::IncidentId(std::uint64_t request)> ask);
    // Number of the line read last, if it bore one.
    [[nodiscard]] std::uint64_t seq() const { return seq_; }
    [[nodiscard]] const std::map<std::string, std::uint64_t>& quarantined() const { return quarantined_; }

private:
    base::Result<bool> take_signal(const base::Result<std::size_t>& count, base::Time received,
                                   const model::Policy& policy, model::Batch& batch);

    struct Impl;
    std::unique_ptr<Impl> impl_;
    std::uint64_t seq_ = 0;
    std::map<std::string, std::uint64_t> quarantined_;
};

// The lines of a stream, one after the other, each with room behind it for RecordingReader.
class Lines {
public:
    explicit Lines(std::istream& in) : in_(in) {}
    // Valid until the next call. Nothing: the end.
    std::optional<std::string_view> next();

private:
    bool fill();
    std::istream& in_;
    std::string held_;       // what was read, and padding
    std::size_t begin_ = 0;  // of the next line
    std::size_t end_ = 0;    // of what was read
};

// Does a recording fire its own timers? Reads it to its end.
bool holds_timers(std::istream& in);

}  // namespace shoumen::app

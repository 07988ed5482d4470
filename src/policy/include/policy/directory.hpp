// A community directory (YAML) ↔ model::Policy, and the checks that prove it sound.
//
// Files: community.yaml devices.yaml duty.yaml matrix.yaml ladder.yaml rules/*.yaml maps/*.yaml, and perhaps
// calendar.yaml. The form of each is
// described in docs/community-directory.md. Findings name file (relative to the directory), line, code and message:
// `matrix.yaml:12: matrix-overlap: …`. Doubled and unknown keys, wrong types, unknown names are findings, each at its
// own line; reading goes on after one, so that all are reported at once, in order of file and line. Pure but for
// read_directory, which reads files.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "model/coverage.hpp"
#include "model/policy.hpp"

namespace shoumen::policy {

using Files = std::map<std::string, std::string>;  // relative name → content; at most 64 MB in all

base::Result<Files> read_directory(const std::string& path);
base::Digest digest_of(const Files& files);
std::string pack(const Files& files);  // canonical bytes, for PolicyRow::files
base::Result<Files> unpack(std::string_view bytes);

struct Finding {
    std::string file;
    std::uint32_t line = 1;
    std::string code;
    std::string message;
};
std::string to_line(const Finding& f);  // "file:line: code: message"

struct Compiled {
    std::shared_ptr<model::Policy> policy;  // null when there is any finding of reading
    model::Coverage coverage;               // what the plan asks; no part of the policy's row
    std::vector<Finding> findings;
};

// `before`: the policy in force, whose numbers are kept; null at first. `version` is given to the new one.
Compiled compile(const Files& files, const model::Policy* before, std::uint64_t version);

// One map file alone, to be tried: the devices it names are not looked up.
struct ReadMap {
    std::optional<model::Map> map;  // none: see the findings
    std::vector<Finding> findings;
};
ReadMap read_map(const std::string& file, const std::string& content);

// Proof of the responsibility matrix: every incident kind × use of place present × severity × minute of the day has
// exactly one lead row, and that lead is a body that exists for every place of that use. A gap is reported at
// matrix.yaml:1, an overlap at the later row.
std::vector<Finding> check_matrix(const model::Policy& policy);
// Every hour of the month (of the community's local time) in which a body that can be lead has nobody reachable; and
// whether the calendar speaks of that year, where anything asks it.
std::vector<Finding> check_duty(const model::Policy& policy, int year, unsigned month);

}  // namespace shoumen::policy

// Any bytes as one file of a small community directory, or as a packed one: no crash, findings in order with code, line
// and printable message, and a policy exactly when there is none; what compiles has sound bytes and keeps its numbers.
//
// The first byte of an input says what the rest is: c d u m l r replace community, devices, duty, matrix, ladder or a
// rule file; anything else: packed files.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "policy/directory.hpp"

using namespace shoumen;

namespace {

void expect(bool fine) {
    if (!fine) std::abort();
}

const policy::Files& small() {
    static const policy::Files files{
        {"community.yaml", R"(community: c
name: {zh: 社区, en: Community}
time_zone: Asia/Shanghai
district: {id: d, name: {zh: 区, en: District}}
street: {id: s, name: {zh: 街道, en: Street}}
incidents:
  - {id: fire, name: {zh: 火情, en: Fire}}
estates:
  - {id: e, name: {zh: 小区, en: Estate}, type: old, at: [39.9, 116.3]}
places:
  - {id: b, parent: e, level: building}
  - {id: h, parent: b, level: home}
  - {id: p, parent: e, level: point, use: lift}
grids:
  - {id: g, places: [b]}
bodies:
  - {id: co, role: committee, name: {zh: 居委会, en: Committee}, places: [c], grids: [g]}
  - {id: so, role: street_office, name: {zh: 街道办, en: Street office}, places: [s]}
  - {id: do, role: district_office, name: {zh: 区办, en: District office}, places: [d]}
)"},
        {"devices.yaml", R"(devices:
  - {id: gate, gateway: true, place: e}
  - {id: smoke, kind: smoke, place: h, gateway: gate}
)"},
        {"duty.yaml", R"(duty:
  - {body: co, person: p-1, channels: [screen], hours: "22:00-06:00", days: [mon], from: 2026-01-01, to: 2027-01-01}
)"},
        {"matrix.yaml", R"(rows:
  - kind: fire
    place: [home, lift, public_area]
    hours: ["00:00-24:00"]
    severity: [red, orange]
    lead: committee
    ack: 2m
    arrive: 10m
    close: 24h
)"},
        {"ladder.yaml",
         R"(ladder: [{level: community, role: committee}, {level: street, role: street_office}, {level: district, role: district_office}]
climb: {red: 3m, orange: 5m, yellow: 30m, blue: 4h}
)"},
        {"rules/a.yaml", R"(rules:
  - id: smoke
    kinds: [smoke]
    where: ["battery > 5"]
    threshold: {raise: "smoke == true", clear: "smoke == false", hold: 3s}
    during: {hours: "22:00-06:00"}
    alert: {incident: fire, severity: red}
)"},
    };
    return files;
}

base::Result<policy::Files> files_of(std::string_view input) {
    if (input.empty()) return policy::unpack(input);
    constexpr std::string_view letters = "cdumlr";
    const char* const names[] = {"community.yaml", "devices.yaml", "duty.yaml",
                                 "matrix.yaml",    "ladder.yaml",  "rules/a.yaml"};
    const std::size_t at = letters.find(input.front());
    if (at == std::string_view::npos) return policy::unpack(input.substr(1));
    policy::Files files = small();
    files[names[at]] = input.substr(1);
    return files;
}

bool is_code(std::string_view code) {
    return !code.empty() && std::ranges::all_of(code, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}

void check_findings(const std::vector<policy::Finding>& findings) {
    for (std::size_t i = 0; i < findings.size(); ++i) {
        const policy::Finding& f = findings[i];
        expect(f.line >= 1 && is_code(f.code) && !f.message.empty());
        for (const char c : f.message) expect(static_cast<unsigned char>(c) >= ' ' && c != 0x7f);
        if (i > 0) expect(std::tie(findings[i - 1].file, findings[i - 1].line) <= std::tie(f.file, f.line));
    }
}

std::string bytes_of(const model::Policy& policy) {
    base::ByteWriter out;
    model::encode(policy, out);
    return out.take();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto files = files_of({reinterpret_cast<const char*>(data), size});
    if (!files) return 0;
    expect(policy::unpack(policy::pack(*files)) == *files);
    const policy::Compiled first = policy::compile(*files, nullptr, 1);
    check_findings(first.findings);
    expect((first.policy == nullptr) == !first.findings.empty());
    if (!first.policy) return 0;

    check_findings(policy::check_matrix(*first.policy));
    check_findings(policy::check_duty(*first.policy, 2026, 3));
    const std::string bytes = bytes_of(*first.policy);
    const auto again = model::decode_policy(bytes);
    expect(again.has_value() && bytes_of(*again) == bytes);
    const policy::Compiled second = policy::compile(*files, first.policy.get(), 1);
    expect(second.policy && bytes_of(*second.policy) == bytes);
    const policy::Compiled third = policy::compile(small(), first.policy.get(), 2);
    expect(third.policy && model::decode_policy(bytes_of(*third.policy)).has_value());
    return 0;
}

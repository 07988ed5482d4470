// Any bytes as a payload: no crash, no error text that repeats them, and a signal inside an array means what it means
// alone.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "doors/payload/native.hpp"

using namespace shoumen;

namespace {

void expect(bool fine) {
    if (!fine) std::abort();
}

void check_error(const base::Error& error) {
    expect(!error.code.empty() && !error.message.empty() && error.where.size() <= 64);
    for (const char c : error.message + error.where + error.code) expect(c >= ' ' && c < 0x7f);
}

bool same(const model::FlatSignal& a, const model::FlatSignal& b) {
    if (a.id != b.id || a.device != b.device || a.kind != b.kind || a.time != b.time || a.evidence != b.evidence)
        return false;
    if (a.values.size() != b.values.size()) return false;
    for (std::size_t i = 0; i < a.values.size(); ++i) {
        if (a.values[i].name != b.values[i].name || a.values[i].value != b.values[i].value) return false;
    }
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static doors::NativeReader reader(1 << 20);
    static doors::NativeReader single;
    const std::string payload(reinterpret_cast<const char*>(data), size);
    const auto count = reader.read(payload);
    if (!count) {
        check_error(count.error());
        return 0;
    }
    for (std::size_t n = 0; n < *count; ++n) {
        const auto signal = reader.signal(n);
        const auto raw = reader.raw(n);
        expect(raw.data() >= payload.data() && raw.data() + raw.size() <= payload.data() + payload.size());
        if (!signal) check_error(signal.error());
        const auto alone = single.read(raw);
        const auto first = raw.find_first_not_of(" \t\r\n");
        if (!alone || first == std::string_view::npos || raw[first] != '{') {
            expect(!signal);
            continue;
        }
        const auto again = single.signal(0);
        expect(signal.has_value() == again.has_value());
        expect(signal ? same(*signal, *again) : signal.error() == again.error());
    }
    return 0;
}

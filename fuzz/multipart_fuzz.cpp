// Any bytes as what a camera pushes: no crash; the event and the pictures lie within what came, apart from each other
// and in their order; whatever is found is found again when it is put into a multipart anew. The first line is the
// content type, the rest the body; the rest is also tried as a multipart of a boundary that stands in it.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "doors/payload/pushed.hpp"

using namespace shoumen::doors;

namespace {

void expect(bool fine) {
    if (!fine) std::abort();
}

bool is_within(std::string_view part, std::string_view whole) {
    return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

// Put together anew, under a boundary that none of the parts holds.
void again(const Pushed& found) {
    if (found.payload.starts_with("\xef\xbb\xbf")) return;  // it had two marks of UTF-8: one goes each time
    std::string mark = "again";
    const auto holds = [&](std::string_view part) { return part.find(mark) != part.npos; };
    while (holds(found.payload) || std::any_of(found.pictures.begin(), found.pictures.end(), holds)) {
        mark += 'x';
        if (mark.size() > 60) return;
    }
    std::string body = "--" + mark + "\r\nContent-Type: text/plain\r\n\r\n" + std::string(found.payload) + "\r\n";
    for (const auto picture : found.pictures)
        body += "--" + mark + "\r\nContent-Type: image/jpeg\r\n\r\n" + std::string(picture) + "\r\n";
    body += "--" + mark + "--\r\n";
    const auto second = pushed_in("multipart/form-data; boundary=" + mark, body);
    expect(second && second->form == found.form && second->payload == found.payload);
    expect(second->pictures == found.pictures);
}

void look_at(std::string_view type, std::string_view body) {
    const auto found = pushed_in(type, body);
    if (!found) return expect(found.error().code == "bad-multipart");
    expect(found->form == "xml" || found->form == "json" || found->form == "text");
    expect(found->payload.empty() || is_within(found->payload, body));
    expect(found->pictures.size() <= 16);
    const char* after = body.data();
    for (const auto picture : found->pictures) {
        expect(!picture.empty() && is_within(picture, body) && picture.data() >= after);
        after = picture.data() + picture.size();
        const auto* event = found->payload.data();
        expect(event + found->payload.size() <= picture.data() || event >= after);
    }
    if (type.starts_with("multipart/")) again(*found);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto line = bytes.find('\n');
    const auto body = line == bytes.npos ? bytes : bytes.substr(line + 1);
    look_at(bytes.substr(0, line), body);
    look_at("multipart/form-data; boundary=b", body);
    return 0;
}

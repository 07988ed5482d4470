// Writes JSON straight into a string. A list of 10,000 incidents is made of pieces that stay the same from one to the
// next (a place with its path, a body with its names); they are kept written and only copied, which a tree of values
// would not allow. Text that is not UTF-8 comes out with U+FFFD for what is wrong in it: what is written is always
// valid JSON.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace shoumen::doors::http {

void append_json_text(std::string& out, std::string_view text);  // with its quotes

class JsonWriter {
public:
    JsonWriter& begin() { return open('{'); }
    JsonWriter& end() { return close('}'); }
    JsonWriter& begin_array() { return open('['); }
    JsonWriter& end_array() { return close(']'); }

    // `name` is one of ours and needs no escaping.
    JsonWriter& key(std::string_view name) {
        separate();
        out_ += '"';
        out_ += name;
        out_ += "\":";
        comma_ = false;
        return *this;
    }
    JsonWriter& text(std::string_view value) {
        separate();
        append_json_text(out_, value);
        return *this;
    }
    JsonWriter& number(std::uint64_t value) { return raw(std::to_string(value)); }
    JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
    // A whole value, already JSON.
    JsonWriter& raw(std::string_view value) {
        separate();
        out_ += value;
        return *this;
    }
    JsonWriter& field(std::string_view name, std::string_view value) { return key(name).text(value); }
    JsonWriter& field(std::string_view name, const char* value) { return key(name).text(value); }
    JsonWriter& field(std::string_view name, bool value) { return key(name).boolean(value); }
    JsonWriter& field(std::string_view name, std::uint64_t value) { return key(name).number(value); }
    JsonWriter& field(std::string_view name, std::uint32_t value) { return key(name).number(value); }

    [[nodiscard]] std::string_view view() const { return out_; }
    [[nodiscard]] std::string take() { return std::move(out_); }
    void reserve(std::size_t bytes) { out_.reserve(bytes); }

private:
    JsonWriter& open(char c) {
        separate();
        out_ += c;
        comma_ = false;
        return *this;
    }
    JsonWriter& close(char c) {
        out_ += c;
        comma_ = true;
        return *this;
    }
    void separate() {
        if (comma_) out_ += ',';
        comma_ = true;
    }

    std::string out_;
    bool comma_ = false;
};

}  // namespace shoumen::doors::http

// Names for people, as every answer writes them.
#pragma once
#include <string_view>

#include "model/ids.hpp"

#include "json_writer.hpp"

namespace shoumen::doors::http {

// Where a language is missing, the other stands in its place, else the code.
inline void write_names(JsonWriter& out, const model::Names& name, std::string_view code) {
    const std::string_view zh = !name.zh.empty() ? name.zh : !name.en.empty() ? name.en : code;
    const std::string_view en = !name.en.empty() ? name.en : !name.zh.empty() ? name.zh : code;
    out.begin().field("zh", zh).field("en", en).end();
}

// The fields code and name of anything that has them.
template <class Thing>
void write_code_and_name(JsonWriter& out, const Thing& thing) {
    out.field("code", thing.code).key("name");
    write_names(out, thing.name, thing.code);
}

template <class Thing>
void write_named(JsonWriter& out, const Thing& thing) {
    out.begin();
    write_code_and_name(out, thing);
    out.end();
}

}  // namespace shoumen::doors::http

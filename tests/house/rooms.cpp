#include "rooms.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include <fmt/format.h>

namespace shoumen::house {

namespace {

// --- What a core room must not take in ---------------------------------------------------------------------------

// Standard headers, by name.
constexpr std::array<std::string_view, 25> not_in_core = {
    "chrono",     "thread",    "mutex",      "shared_mutex", "condition_variable",
    "future",     "atomic",    "semaphore",  "latch",        "barrier",
    "stop_token", "execution", "random",     "iostream",     "fstream",
    "istream",    "ostream",   "syncstream", "iomanip",      "filesystem",
    "print",      "cstdio",    "ctime",      "csignal",      "locale"};

// Libraries a core room may use, each with the rooms it is for ("" is any of them). Everything else that is not the
// standard library or a room is refused.
struct Allowed {
    std::string_view prefix;
    std::string_view room;
};
constexpr std::array<Allowed, 6> libraries_in_core = {{
    {"fmt/", ""},
    {"tl/expected.hpp", ""},
    {"openssl/", "base"},
    {"xxhash.h", "base"},
    {"date/date.h", "base"},  // the calendar; date/tz.h reads files
    {"chrono", "base"},       // date/date.h speaks in its durations; its clocks are found below
}};

// Words that read the world behind the core's back, whatever header brought them.
constexpr std::array<std::string_view, 8> words_not_in_core = {
    "_clock", "std::time(", "std::rand", "getenv(", "random_device", "this_thread", "printf(", "std::cout"};

std::optional<std::string> refused_in_core(const Room& room, std::string_view header) {
    for (const auto& allowed : libraries_in_core) {
        if (header.starts_with(allowed.prefix) && (allowed.room.empty() || allowed.room == room.name)) return {};
    }
    const bool standard = header.find_first_of("/.") == std::string_view::npos;
    if (standard && std::ranges::find(not_in_core, header) == not_in_core.end()) return {};
    return fmt::format("<{}> is not for the core room {}", header, room.name);
}

// --- Reading -----------------------------------------------------------------------------------------------------

struct Include {
    std::size_t line = 0;
    std::string header;
    bool quoted = false;
};

// Code without comments and the contents of literals, line for line.
std::string code_of(std::string_view text) {
    enum class In { code, line_comment, comment, literal, character } in = In::code;
    std::string code;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const char next = i + 1 < text.size() ? text[i + 1] : '\0';
        if (c == '\n') {
            if (in != In::comment) in = In::code;
            code += c;
        } else if (in == In::code && c == '/' && (next == '/' || next == '*')) {
            in = next == '/' ? In::line_comment : In::comment;
            ++i;
        } else if (in == In::comment && c == '*' && next == '/') {
            in = In::code;
            ++i;
        } else if ((in == In::literal || in == In::character) && c == '\\') {
            ++i;
        } else if (in == In::literal || in == In::character) {
            if (c == (in == In::literal ? '"' : '\'')) in = In::code;
        } else if (in == In::code) {
            const bool separator = c == '\'' && i > 0 && std::isalnum(static_cast<unsigned char>(text[i - 1])) != 0;
            if (c == '"') in = In::literal;
            if (c == '\'' && !separator) in = In::character;
            code += c;
        }
    }
    return code;
}

std::vector<Include> includes_of(std::string_view text) {
    std::vector<Include> includes;
    std::size_t number = 0;
    for (const std::string& line : lines_of(text)) {
        ++number;
        std::string_view rest = line;
        const auto skip = [&rest] { rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size())); };
        skip();
        if (!rest.starts_with('#')) continue;
        rest.remove_prefix(1);
        skip();
        if (!rest.starts_with("include")) continue;
        rest.remove_prefix(7);
        skip();
        if (rest.empty() || (rest.front() != '"' && rest.front() != '<')) continue;
        const bool quoted = rest.front() == '"';
        rest.remove_prefix(1);
        const auto end = rest.find(quoted ? '"' : '>');
        if (end != std::string_view::npos) includes.push_back({number, std::string(rest.substr(0, end)), quoted});
    }
    return includes;
}

// The room whose name or folder is the longest beginning of a path.
const Room* room_of(const std::vector<Room>& rooms, std::string_view path, std::string Room::* beginning) {
    const Room* best = nullptr;
    for (const Room& room : rooms) {
        if (starts_with_folder(path, room.*beginning) &&
            (!best || (best->*beginning).size() < (room.*beginning).size()))
            best = &room;
    }
    return best;
}

bool is_test(std::string_view path) { return path.ends_with("_test.cpp"); }

bool is_cpp(std::string_view path) { return path.ends_with(".cpp") || path.ends_with(".hpp") || path.ends_with(".h"); }

// --- The checks of one include -----------------------------------------------------------------------------------

class IncludeCheck {
public:
    IncludeCheck(const std::vector<Room>& rooms, const Tree& tree) : rooms_(rooms), tree_(tree) {}

    std::optional<std::string> check(const File& file, const Room& room, const Include& include) const {
        if (const Room* other = room_of(rooms_, include.header, &Room::name)) return between(room, *other, include);
        if (include.quoted) return private_header(file, room, include);
        if (room.core && !is_test(file.path)) return refused_in_core(room, include.header);
        return {};
    }

private:
    std::optional<std::string> between(const Room& room, const Room& other, const Include& include) const {
        if (other.name != room.name && std::ranges::find(room.depends, other.name) == room.depends.end())
            return fmt::format("{} may not include {} (\"{}\")", room.name, other.name, include.header);
        if (!find(tree_, other.dir + "/include/" + include.header))
            return fmt::format("\"{}\" is no public header of {}", include.header, other.name);
        return {};
    }

    std::optional<std::string> private_header(const File& file, const Room& room, const Include& include) const {
        for (const std::string& folder : {folder_of(file.path), room.dir}) {
            const auto path = joined(folder, include.header);
            if (!find(tree_, path)) continue;
            const Room* owner = room_of(rooms_, path, &Room::dir);
            if (owner && owner->name == room.name) return {};
            return fmt::format("\"{}\" is a private header of {}", include.header, owner ? owner->name : "no room");
        }
        return fmt::format("\"{}\" is no header of {}", include.header, room.name);
    }

    const std::vector<Room>& rooms_;
    const Tree& tree_;
};

void check_words(const File& file, Findings& findings) {
    std::size_t number = 0;
    for (const std::string& line : lines_of(code_of(file.text))) {
        ++number;
        for (std::string_view word : words_not_in_core) {
            if (line.find(word) != std::string::npos)
                findings.push_back(fmt::format("{}:{}: '{}' is not for a core room", file.path, number, word));
        }
    }
}

// --- Cycles ------------------------------------------------------------------------------------------------------

using Arrows = std::map<std::string, std::set<std::string>>;

// The first way round found from a room back to itself, "a -> b -> a"; empty if there is none.
std::string way_round(const Arrows& arrows, std::vector<std::string>& path, std::set<std::string>& done) {
    const std::string here = path.back();
    if (const auto seen = std::find(path.begin(), path.end() - 1, here); seen != path.end() - 1)
        return fmt::format("{}", fmt::join(seen, path.end(), " -> "));
    if (done.contains(here)) return {};
    if (const auto next = arrows.find(here); next != arrows.end()) {
        for (const std::string& room : next->second) {
            path.push_back(room);
            if (auto found = way_round(arrows, path, done); !found.empty()) return found;
            path.pop_back();
        }
    }
    done.insert(here);
    return {};
}

std::string cycle(const Arrows& arrows) {
    std::set<std::string> done;
    for (const auto& [room, to] : arrows) {
        std::vector<std::string> path = {room};
        if (auto found = way_round(arrows, path, done); !found.empty()) return found;
    }
    return {};
}

}  // namespace

std::vector<Room> read_rooms(std::string_view table) {
    std::vector<Room> rooms;
    std::string key;
    bool inside = false;
    std::size_t number = 0;
    for (std::string line : lines_of(table)) {
        ++number;
        line = line.substr(0, line.find('#'));
        if (const auto open = line.find("shoumen_room("); open != std::string::npos) {
            line = line.substr(open + std::string_view("shoumen_room(").size());
            rooms.push_back({.line = number});
            inside = true;
        }
        if (!inside) continue;
        const bool last = line.find(')') != std::string::npos;
        std::istringstream words(line.substr(0, line.find(')')));
        for (std::string word; words >> word;) {
            Room& room = rooms.back();
            if (word == "CORE")
                room.core = true;
            else if (word == "NAME" || word == "DIR" || word == "DEPENDS" || word == "LIBS" || word == "EXCEPT" ||
                     word == "EMBED")
                key = word;
            else if (key == "NAME")
                room.name = word;
            else if (key == "DIR")
                room.dir = word;
            else if (key == "DEPENDS")
                room.depends.push_back(word);
        }
        if (last) {
            inside = false;
            if (rooms.back().dir.empty()) rooms.back().dir = "src/" + rooms.back().name;
        }
    }
    return rooms;
}

Findings check_table(const std::vector<Room>& rooms) {
    Findings findings;
    Arrows arrows;
    const auto named = [&rooms](std::string_view name) { return std::ranges::find(rooms, name, &Room::name); };
    for (const Room& room : rooms) {
        const auto say = [&](const std::string& what) {
            findings.push_back(fmt::format("{}:{}: {}", rooms_table, room.line, what));
        };
        for (const std::string& name : room.depends) {
            arrows[room.name].insert(name);
            const auto other = named(name);
            if (other == rooms.end())
                say(fmt::format("{} depends on {}, which is no room", room.name, name));
            else if (room.core && !other->core)
                say(fmt::format("core room {} depends on {}", room.name, name));
        }
        if (room.name == "prove" && room.depends != std::vector<std::string>{"base"})
            say("prove depends on base alone");
    }
    if (const auto found = cycle(arrows); !found.empty())
        findings.push_back(fmt::format("{}:1: a cycle: {}", rooms_table, found));
    return findings;
}

Findings check_includes(const std::vector<Room>& rooms, const Tree& tree) {
    Findings findings;
    Arrows arrows;
    const IncludeCheck includes(rooms, tree);
    for (const File& file : tree) {
        if (!is_cpp(file.path) || !(file.path.starts_with("src/") || file.path.starts_with("twin/"))) continue;
        const Room* room = room_of(rooms, file.path, &Room::dir);
        if (!room) {
            findings.push_back(fmt::format("{}:1: lies in no room of {}", file.path, rooms_table));
            continue;
        }
        for (const Include& include : includes_of(file.text)) {
            if (auto wrong = includes.check(file, *room, include))
                findings.push_back(fmt::format("{}:{}: {}", file.path, include.line, *wrong));
            const Room* other = room_of(rooms, include.header, &Room::name);
            if (other && other->name != room->name) arrows[room->name].insert(other->name);
        }
        if (room->core && !is_test(file.path)) check_words(file, findings);
    }
    if (const auto found = cycle(arrows); !found.empty()) findings.push_back(fmt::format("src:1: a cycle: {}", found));
    return findings;
}

Findings check_lengths(const Tree& tree, std::size_t limit) {
    Findings findings;
    for (const File& file : tree) {
        const bool source = is_cpp(file.path) || file.path.ends_with(".ts") || file.path.ends_with(".vue");
        if (!source) continue;
        const std::string_view head = std::string_view(file.text).substr(0, 400);
        if (head.find("generated") != std::string_view::npos) continue;
        const auto lines = lines_of(file.text).size();
        if (lines > limit)
            findings.push_back(fmt::format("{}:{}: {} lines, more than {}", file.path, limit + 1, lines, limit));
    }
    return findings;
}

}  // namespace shoumen::house

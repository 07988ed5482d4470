// The rooms of the source tree and the includes between them.
//
// The table of rooms and allowed arrows is cmake/rooms.cmake: the build and this test read the same lines.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "tree.hpp"

namespace shoumen::house {

struct Room {
    std::string name;
    std::string dir;  // from the root of the tree
    bool core = false;
    std::vector<std::string> depends;
    std::size_t line = 0;  // in the table
};

inline constexpr std::string_view rooms_table = "cmake/rooms.cmake";

std::vector<Room> read_rooms(std::string_view table);

// The table itself: known names, no cycle, the core rests on the core alone, prove on base alone.
Findings check_table(const std::vector<Room>& rooms);

// Each #include under src/ and twin/: the arrow is allowed, the header is public or the room's own, and a core room
// takes nothing in that brings a clock, thread, random source, SQL, JSON, file or log.
Findings check_includes(const std::vector<Room>& rooms, const Tree& tree);

// A file that has grown too long to read. Generated files say so in their first lines.
Findings check_lengths(const Tree& tree, std::size_t limit = 900);

}  // namespace shoumen::house

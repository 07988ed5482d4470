# shoumen_room(NAME <room> [CORE] [DIR <folder>] [EXCEPT <file>...] [DEPENDS <room>...] [LIBS <target>...]
#              [EMBED <folder> <name>])
#
# A room is a folder with its own include root:
#   src/<room>/include/<room>/*.hpp   public headers, included as "<room>/x.hpp"
#   src/<room>/*.cpp, *.hpp           sources and private headers, included as "x.hpp"
#   src/<room>/*_test.cpp             unit tests: one program <room>_test
# It becomes the library shoumen_<room> ("/" in a name turns into "_"). A room without files yet is passed over.
# EMBED: the text files of a folder become strings of the program, in order of their names; see embed.cmake.
function(shoumen_room)
  cmake_parse_arguments(ROOM "CORE" "NAME;DIR" "EXCEPT;DEPENDS;LIBS;EMBED" ${ARGN})
  if(NOT ROOM_DIR)
    set(ROOM_DIR "src/${ROOM_NAME}")
  endif()
  string(REPLACE "/" "_" id "${ROOM_NAME}")
  set(dir "${CMAKE_SOURCE_DIR}/${ROOM_DIR}")
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS "${dir}/*.hpp")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${dir}/*.cpp")
  set(tests "${sources}")
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  foreach(file IN LISTS ROOM_EXCEPT)
    list(REMOVE_ITEM sources "${dir}/${file}")
  endforeach()
  if(NOT headers AND NOT sources)
    return()
  endif()

  if(ROOM_EMBED)
    shoumen_embed(embedded ${ROOM_EMBED})
    list(APPEND sources "${embedded}")
  endif()

  set(links ${ROOM_LIBS})
  foreach(other IN LISTS ROOM_DEPENDS)
    string(REPLACE "/" "_" other "${other}")
    if(TARGET shoumen_${other})
      list(APPEND links shoumen_${other})
    endif()
  endforeach()

  if(sources)
    add_library(shoumen_${id} STATIC ${sources})
    set(scope PUBLIC)
    target_include_directories(shoumen_${id} PRIVATE "${dir}")
    shoumen_warnings(shoumen_${id} "${ROOM_CORE}")
  else()
    add_library(shoumen_${id} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(shoumen_${id} ${scope} "${dir}/include")
  target_link_libraries(shoumen_${id} ${scope} ${links})
  set_property(GLOBAL APPEND PROPERTY SHOUMEN_ROOMS shoumen_${id})

  if(tests)
    shoumen_test(NAME ${id}_test SOURCES ${tests} LIBS shoumen_${id})
    if(TARGET ${id}_test)
      target_include_directories(${id}_test PRIVATE "${dir}")
    endif()
  endif()
endfunction()

# shoumen_embed(<result> <folder> <name>): a generated source that defines embedded_<name>(), see embed.cmake.
function(shoumen_embed result folder name)
  file(GLOB files CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${folder}/*")
  set(source "${CMAKE_BINARY_DIR}/embedded/${name}.cpp")
  add_custom_command(OUTPUT "${source}"
    COMMAND "${CMAKE_COMMAND}" -D "FROM=${CMAKE_SOURCE_DIR}/${folder}" -D "NAME=${name}" -D "TO=${source}"
        -P "${CMAKE_SOURCE_DIR}/cmake/embed.cmake"
    DEPENDS ${files} "${CMAKE_SOURCE_DIR}/cmake/embed.cmake"
    COMMENT "Embedding ${folder}"
    VERBATIM)
  set(${result} "${source}" PARENT_SCOPE)
endfunction()

# Warnings for our own code; the core is held to exact signedness as well.
function(shoumen_warnings target core)
  target_compile_options(${target} PRIVATE ${SHOUMEN_WARNINGS})
  if(NOT core)
    target_compile_options(${target} PRIVATE -Wno-sign-conversion)
  endif()
endfunction()

# shoumen_test(NAME <name> SOURCES <file>... LIBS <target>... [DEFINE <definition>...])
#
# One doctest program and two entries for ctest: <name>, and <name>_full with the label "full", which runs what
# stands in TEST_SUITE("full") and is left out of the plain run.
function(shoumen_test)
  if(NOT SHOUMEN_TESTS_BUILT)
    return()
  endif()
  cmake_parse_arguments(T "" "NAME" "SOURCES;LIBS;DEFINE" ${ARGN})
  if(NOT TARGET shoumen_test_main)
    add_library(shoumen_test_main OBJECT "${CMAKE_SOURCE_DIR}/tests/main.cpp")
    target_link_libraries(shoumen_test_main PUBLIC doctest::doctest)
  endif()
  add_executable(${T_NAME} ${T_SOURCES})
  target_link_libraries(${T_NAME} PRIVATE ${T_LIBS} shoumen_test_main doctest::doctest rapidcheck Threads::Threads)
  target_include_directories(${T_NAME} PRIVATE "${CMAKE_SOURCE_DIR}/tests")  # <support/x.hpp>
  target_compile_definitions(${T_NAME} PRIVATE "SHOUMEN_SOURCE_DIR=\"${CMAKE_SOURCE_DIR}\"" ${T_DEFINE})
  # What is tested is compiled as users run it; optimising the tests themselves doubles the time a cold machine needs.
  target_compile_options(${T_NAME} PRIVATE -O0)
  shoumen_warnings(${T_NAME} FALSE)
  add_dependencies(checks ${T_NAME})
  add_test(NAME ${T_NAME} COMMAND ${T_NAME} --test-suite-exclude=full)
  add_test(NAME ${T_NAME}_full COMMAND ${T_NAME} --test-suite=full)
  set_tests_properties(${T_NAME} PROPERTIES TIMEOUT 1800)
  set_tests_properties(${T_NAME}_full PROPERTIES TIMEOUT 3600 LABELS full)
endfunction()

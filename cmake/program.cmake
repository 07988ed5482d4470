# What is made of the rooms: the program, the measurements, the tools, the fuzzers and the tests across rooms.

get_property(all_rooms GLOBAL PROPERTY SHOUMEN_ROOMS)
add_library(shoumen_all INTERFACE)
target_link_libraries(shoumen_all INTERFACE ${all_rooms})

function(shoumen_program name)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE shoumen_all)
  shoumen_warnings(${name} FALSE)
  add_dependencies(product ${name})
endfunction()

file(GLOB main CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/app/main.cpp")
if(main)
  shoumen_program(shoumen ${main})
  target_include_directories(shoumen PRIVATE "${CMAKE_SOURCE_DIR}/src/app")
endif()

# Checks receipts and exported ledgers: links base and prove, and nothing of the server (tests/house).
add_executable(shoumen-verify "${CMAKE_SOURCE_DIR}/src/prove/main.cpp")
target_link_libraries(shoumen-verify PRIVATE shoumen_prove)
shoumen_warnings(shoumen-verify FALSE)
add_dependencies(product shoumen-verify)

file(GLOB bench CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/bench/*.cpp")
if(bench)
  shoumen_program(shoumen-bench ${bench} "${CMAKE_SOURCE_DIR}/tests/support/program.cpp"
      "${CMAKE_SOURCE_DIR}/tests/support/postgres.cpp")
  target_include_directories(shoumen-bench PRIVATE "${CMAKE_SOURCE_DIR}/tests")
  target_link_libraries(shoumen-bench PRIVATE ZLIB::ZLIB)
endif()

file(GLOB tools CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tools/*.cpp")
foreach(source IN LISTS tools)
  get_filename_component(name "${source}" NAME_WE)
  shoumen_program(${name} ${source})
  target_link_libraries(${name} PRIVATE ZLIB::ZLIB)
  list(APPEND tool_programs ${name})
endforeach()

# A fuzzer's plain test is its corpus and a fixed number of inputs from a fixed seed; `./dev test --full` gives it
# a minute.
file(GLOB fuzzers CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/fuzz/*_fuzz.cpp")
if(SHOUMEN_FUZZ)
  foreach(source IN LISTS fuzzers)
    get_filename_component(name "${source}" NAME_WE)
    add_executable(${name} ${source})
    target_link_libraries(${name} PRIVATE shoumen_all)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/fuzz")
    shoumen_warnings(${name} FALSE)
    add_dependencies(checks ${name})
    string(REGEX REPLACE "_fuzz$" "" subject "${name}")
    set(corpus "${CMAKE_SOURCE_DIR}/fuzz/corpus/${subject}")
    if(NOT EXISTS "${corpus}")
      set(corpus "")
    endif()
    add_test(NAME ${name} COMMAND ${name} -runs=2000 -seed=1 -verbosity=0 -artifact_prefix=${CMAKE_BINARY_DIR}/fuzz/
        ${CMAKE_BINARY_DIR}/fuzz/${subject}.found ${corpus})
    set_tests_properties(${name} PROPERTIES TIMEOUT 120)
    file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/fuzz/${subject}.found")
  endforeach()
endif()

# tests/support is a library for the tests across rooms: disks that fail, and the like; included as "support/x.hpp".
file(GLOB support CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/support/*.cpp")
list(FILTER support EXCLUDE REGEX "_test\\.cpp$")
if(support AND SHOUMEN_TESTS_BUILT AND TARGET shoumen_store_sqlite)
  add_library(shoumen_test_support STATIC EXCLUDE_FROM_ALL ${support})
  target_include_directories(shoumen_test_support PUBLIC "${CMAKE_SOURCE_DIR}/tests")
  target_link_libraries(shoumen_test_support PUBLIC shoumen_store_sqlite shoumen_store_postgresql)
  shoumen_warnings(shoumen_test_support FALSE)
endif()

# tests/<folder>/*_test.cpp makes <folder>_test. The house's test reads files only and needs no room; the contract of the
# stores needs the stores alone, the shipped maps need the room that reads them and the one that reads by them.
file(GLOB folders CONFIGURE_DEPENDS LIST_DIRECTORIES true "${CMAKE_SOURCE_DIR}/tests/*")
foreach(folder IN LISTS folders)
  file(GLOB sources CONFIGURE_DEPENDS "${folder}/*.cpp")
  get_filename_component(name "${folder}" NAME)
  if(name STREQUAL "support")
    list(FILTER sources INCLUDE REGEX "_test\\.cpp$")
  endif()
  if(NOT IS_DIRECTORY "${folder}" OR NOT sources)
    continue()
  endif()
  set(support_lib "")
  if(TARGET shoumen_test_support)
    set(support_lib shoumen_test_support)
  endif()
  if(name STREQUAL "house")
    shoumen_test(NAME house_test SOURCES ${sources} LIBS fmt::fmt)
  elseif(name STREQUAL "contract" OR name STREQUAL "support")
    shoumen_test(NAME ${name}_test SOURCES ${sources} LIBS ${support_lib} shoumen_store_sqlite shoumen_store_postgresql)
  elseif(name STREQUAL "maps")
    shoumen_test(NAME maps_test SOURCES ${sources} LIBS shoumen_policy shoumen_doors_payload shoumen_doors_sip)
  elseif(TARGET shoumen)
    shoumen_test(NAME ${name}_test SOURCES ${sources} LIBS shoumen_all ${support_lib}
        DEFINE "SHOUMEN_PROGRAM=\"$<TARGET_FILE:shoumen>\"")
    if(TARGET ${name}_test)
      add_dependencies(${name}_test shoumen shoumen-verify share ${tool_programs})
    endif()
  else()
    shoumen_test(NAME ${name}_test SOURCES ${sources} LIBS shoumen_all ${support_lib})
  endif()
endforeach()

# Packs what the program must not unpack.
if(TARGET service_test)
  target_link_libraries(service_test PRIVATE ZLIB::ZLIB)
endif()

# What must not compile is shown by asking the compiler.
if(TARGET protect_test)
  target_compile_definitions(protect_test PRIVATE "SHOUMEN_COMPILER=\"${CMAKE_CXX_COMPILER}\"")
endif()

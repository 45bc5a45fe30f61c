# Functions that every CMakeLists.txt of the project uses: one library for each folder, one kind of test for each label.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

# CMake's default for Release is -O3: slower to build, larger, and no faster here.
set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

find_program(BELLJAR_CCACHE ccache)
if(BELLJAR_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${BELLJAR_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${BELLJAR_CCACHE})
endif()

# Warnings are errors; link options that harden what handles hostile input.
add_library(belljar_options INTERFACE)
target_include_directories(belljar_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)
if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
  target_compile_options(belljar_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC bug 105651: g++ 12 sees overlapping copies in std::string's own code when it optimises.
    target_compile_options(belljar_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
  endif()
  if(NOT WIN32)
    target_compile_options(belljar_options INTERFACE -fstack-protector-strong)
  endif()
endif()
if(BELLJAR_SANITIZE)
  add_compile_options(-fsanitize=${BELLJAR_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${BELLJAR_SANITIZE})
  # g++ 12 with sanitizers warns of uninitialized members of std::function that are none.
  target_compile_options(belljar_options INTERFACE -Wno-maybe-uninitialized)
endif()

# belljar_library(NAME SOURCES ... [PUBLIC libs ...] [PRIVATE libs ...])
# One folder, one static library; other folders can be used only when they are named here.
function(belljar_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC belljar_options ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()

# belljar_test(NAME LABEL label SOURCES ... [LIBS ...] [TIMEOUT s] [ENVIRONMENT ...])
# A GoogleTest program, one ctest entry. Exit code 77 is "skipped": the test says why in a line "SKIP: reason". Its single
# tests are counted by tests/dev/summary.py from results/NAME.xml.
function(belljar_test name)
  cmake_parse_arguments(ARG "" "LABEL;TIMEOUT" "SOURCES;LIBS;ENVIRONMENT" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE belljar_options ${ARG_LIBS} belljar_test_main)
  add_test(NAME ${name} COMMAND ${CMAKE_CROSSCOMPILING_EMULATOR} $<TARGET_FILE:${name}>)
  belljar_test_properties(${name} "${ARG_LABEL}" "${ARG_TIMEOUT}" ${ARG_ENVIRONMENT})
endfunction()

# belljar_script_test(NAME LABEL label SCRIPT file.py [TIMEOUT s] [ENVIRONMENT ...])
# A test written in Python, one ctest entry; tests/dev/report.py reports its single tests as above. Not run for another system than the build's.
function(belljar_script_test name)
  cmake_parse_arguments(ARG "" "LABEL;SCRIPT;TIMEOUT" "ENVIRONMENT" ${ARGN})
  if(CMAKE_CROSSCOMPILING)
    return()
  endif()
  # The system's own first: tests run as other users too, who do not see a Python in somebody's home.
  find_program(BELLJAR_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
  find_program(BELLJAR_PYTHON python3 REQUIRED)
  add_test(NAME ${name} COMMAND ${BELLJAR_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_SCRIPT})
  belljar_test_properties(${name} "${ARG_LABEL}" "${ARG_TIMEOUT}" ${ARG_ENVIRONMENT})
endfunction()

file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/results)  # Qt Test does not make it.

function(belljar_test_properties name label timeout)
  if(NOT timeout)
    set(timeout 120)
  endif()
  set(report ${CMAKE_BINARY_DIR}/results/${name}.xml)
  if(CMAKE_CROSSCOMPILING AND WIN32)
    set(report Z:${report})  # Wine's name for the build machine's root; without a drive a path is relative.
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${label}" TIMEOUT ${timeout} SKIP_RETURN_CODE 77
    ENVIRONMENT "BELLJAR_BIN=${CMAKE_BINARY_DIR}/bin;BELLJAR_SOURCE=${PROJECT_SOURCE_DIR};GTEST_OUTPUT=xml:${report};${ARGN}")
endfunction()

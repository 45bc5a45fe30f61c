// What is wrong with a query, and where: for a line with a caret below it, in the terminal and in the app's filter bar.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace belljar {

struct QueryError {
    std::size_t offset = 0;   ///< The byte of the query at which it goes wrong; its length when something is missing.
    std::string message;      ///< One sentence without a period; quotes the query, so show it through visible().
    std::string hint;         ///< What to write instead, in our own words only: nothing to escape. May be empty.
    bool incomplete = false;  ///< Nothing is wrong so far: what is missing may still be written at the end.
};

/// The place of an error in characters, from 1. A byte that is not UTF-8 counts as one.
[[nodiscard]] std::size_t queryColumn(std::string_view query, std::size_t offset);

/// Two lines without a newline at the end: the query, escaped and cut to what stands around the error, and a caret.
[[nodiscard]] std::string queryCaret(std::string_view query, const QueryError& error);

}  // namespace belljar

// Which page of the form shows which fields: one row for each page. Every field of the description is on one page.
#pragma once

#include <QString>

#include <string>
#include <vector>

namespace belljar {

struct FormSection {
    QString title;
    std::vector<std::string> pointers;  ///< Fields at or below these.
    bool isInner = false;               ///< Stands below the last section that is not.
};

/// The first is the one of the path lists, which has a table of its own.
[[nodiscard]] const std::vector<FormSection>& formSections();

/// The section that shows the field at `pointer`; -1: none.
[[nodiscard]] int sectionOf(const std::string& pointer);

}  // namespace belljar

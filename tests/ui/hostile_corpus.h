// Hostile strings, and whether a widget shows anything of them that is taken for markup, hides, reorders or controls.
#pragma once

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTextDocument>

#include <algorithm>
#include <string>
#include <vector>

#include "ui/models/shown_text.h"

namespace belljar::test {

using namespace Qt::StringLiterals;

inline std::vector<std::string> corpus()
{
    return {
        "<img src=\"http://192.0.2.1/x\" onerror=alert(1)>",
        "<b>bold</b><script>alert(1)</script>",
        "<a href=\"file:///etc/passwd\">click</a>",
        "\xe2\x80\xae"
        "exe.txt\xe2\x80\xac",
        "\xe2\x81\xa6isolated\xe2\x81\xa9",
        "zero\xe2\x80\x8bwidth\xef\xbb\xbf",
        "\x1b[31mred\x1b]0;title\x07",
        std::string("nul\0byte", 8),
        "line\nbreak\r\ntab\t",
        "broken \xff\xfe\xc3( utf-8",
        "%1 %2 %n %s &amp; &mnemonic",
        "[*] modified?",
        std::string(1 << 20, 'A'),
        std::string(1 << 20, '\x01'),
        "<p>" + std::string(200'000, '<'),
    };
}

/// True when a widget could show `text` without anything hidden, controlling or on a line of its own. Backslashes are
/// what visible() itself writes.
inline bool isHarmless(const QString& text)
{
    for (const QString& line : text.split(u'\n')) {
        if (!fitsLineEdit(QString(line).replace(u'\t', u' ').toStdString())) return false;
    }
    return true;
}

/// Why a widget below `root` shows something unsafe; empty when none does.
inline QString unsafeWidget(const QWidget& root)
{
    for (const auto* label : root.findChildren<QLabel*>()) {
        if (label->textFormat() != Qt::PlainText && Qt::mightBeRichText(label->text()))
            return u"rich label: "_s + label->text();
        if (!isHarmless(label->text())) return u"label: "_s + label->text().left(100);
    }
    for (const auto* edit : root.findChildren<QPlainTextEdit*>()) {
        if (edit->objectName() != "profileText"_L1 && !isHarmless(edit->toPlainText())) {
            return u"text: "_s + edit->toPlainText().left(100);
        }
    }
    for (const auto* line : root.findChildren<QLineEdit*>()) {
        if (!isHarmless(line->text()) || !isHarmless(line->placeholderText()))
            return u"line edit: "_s + line->text().left(100);
    }
    for (const auto* box : root.findChildren<QComboBox*>()) {
        for (int i = 0; i < box->count(); ++i) {
            if (!isHarmless(box->itemText(i))) return u"combo box: "_s + box->itemText(i).left(100);
        }
    }
    for (const auto* view : root.findChildren<QAbstractItemView*>()) {
        const QAbstractItemModel* model = view->model();
        if (model == nullptr) continue;
        for (int row = 0; row < std::min(model->rowCount(), 100); ++row) {
            for (int column = 0; column < model->columnCount(); ++column) {
                const QModelIndex index = model->index(row, column);
                if (!isHarmless(index.data().toString())) return u"cell: "_s + index.data().toString().left(100);
                if (!isHarmless(index.data(Qt::AccessibleTextRole).toString())) return u"accessible cell"_s;
                if (Qt::mightBeRichText(index.data(Qt::ToolTipRole).toString())) return u"rich tooltip"_s;
            }
        }
    }
    for (const auto* button : root.findChildren<QAbstractButton*>()) {
        if (!isHarmless(button->text())) return u"button: "_s + button->text().left(100);
    }
    for (const auto* widget : root.findChildren<QWidget*>()) {
        if (!isHarmless(widget->accessibleName()) || !isHarmless(widget->accessibleDescription()))
            return u"accessible: "_s + widget->accessibleName().left(100);
        if (Qt::mightBeRichText(widget->toolTip())) return u"rich tooltip: "_s + widget->toolTip();
    }
    return isHarmless(root.windowTitle()) ? QString() : u"title: "_s + root.windowTitle();
}

}  // namespace belljar::test

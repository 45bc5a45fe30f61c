// The network section of the form: the outgoing rules as a table, a line to add one, a box to ask, and the other
// fields of the section below.
#pragma once

#include <QWidget>

#include "core/base/result.h"

class QComboBox;
class QLineEdit;
class QPushButton;
class QTableView;

namespace belljar {

class AskBox;
class NetworkRuleModel;
class ProfileAnalysis;
class ProfileDocument;

class NetworkEditor : public QWidget {
    Q_OBJECT

public:
    NetworkEditor(ProfileDocument& document, ProfileAnalysis& analysis, QWidget* parent = nullptr);
    void setEditable(bool editable);

signals:
    void failed(const belljar::Error& error);
    void showInText(const std::string& pointer);

private:
    void dressTable();
    QLayout* makeAddRow();
    void addTyped();
    void removeSelected();
    void updateButtons();

    NetworkRuleModel* m_model;
    QTableView* m_table;
    QLineEdit* m_rule;
    QComboBox* m_action;
    QPushButton* m_add;
    QPushButton* m_remove;
    QPushButton* m_show;
    AskBox* m_ask;
    bool m_editable = true;
};

}  // namespace belljar

// The conditions beside the typed query, one chip each: a press or Delete removes one.
#pragma once

#include <QFrame>

#include "ui/models/live_filter.h"

class QHBoxLayout;

namespace belljar {

class ChipRow : public QFrame {
    Q_OBJECT

public:
    /// `filter` must outlive it.
    explicit ChipRow(LiveFilter& filter, QWidget* parent = nullptr);

private:
    void fill();

    LiveFilter& m_filter;
    QHBoxLayout* m_layout;
};

}  // namespace belljar

// Between rows and the values of ports/store.hpp. Column positions are those of statements.hpp.
#pragma once
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "model/incident.hpp"
#include "ports/store.hpp"
#include "store/sql/database.hpp"

namespace shoumen::store {

// What a row says that no version of the program has written.
tl::unexpected<base::Error> damaged_row(std::string_view table);

base::Result<model::Incident> incident_of(const Query& row);  // column 0: body
base::Result<model::TimelineEvent> event_of(const Query& row, model::IncidentId incident);
base::Result<ports::AlertRow> alert_of(const Query& row);
base::Result<ports::QuarantineRow> quarantine_of(const Query& row);
base::Result<ports::EvidenceRow> evidence_of(const Query& row);
base::Result<ports::AccountRow> account_of(const Query& row);
base::Result<ports::SessionRow> session_of(const Query& row);
base::Result<ports::GrantRow> grant_of(const Query& row);
base::Result<ports::ApiTokenRow> api_token_of(const Query& row);
base::Result<ports::DelegationRow> delegation_of(const Query& row);
base::Result<ports::SecondFactorRow> second_factor_of(const Query& row);
base::Result<ports::WayInRow> way_in_of(const Query& row);
base::Result<ports::WiderSightRow> wider_sight_of(const Query& row);
base::Result<ports::PersonRow> person_of(const Query& row);
base::Result<ports::DeviceTokenRow> device_token_of(const Query& row);
base::Result<ports::PolicyRow> policy_of(const Query& row);
base::Result<ports::ActRow> act_of(const Query& row);
base::Result<ports::TileRow> tile_of(const Query& row);
base::Result<ports::CheckpointRow> checkpoint_of(const Query& row);

std::string bytes_of_codes(const std::vector<std::string>& codes);
base::Result<std::vector<std::string>> codes_of_bytes(std::string_view bytes, std::string_view table);

// All rows of a query, each read by `read`.
template <class Row, class Read>
base::Result<std::vector<Row>> all(Query& query, Read read) {
    std::vector<Row> rows;
    for (;;) {
        auto more = query.next();
        if (!more) return tl::unexpected(std::move(more.error()));
        if (!*more) return rows;
        base::Result<Row> row = read(query);
        if (!row) return tl::unexpected(std::move(row.error()));
        rows.push_back(std::move(*row));
    }
}

// The first row of a query, if there is one.
template <class Row, class Read>
base::Result<std::optional<Row>> first(Query& query, Read read) {
    auto more = query.next();
    if (!more) return tl::unexpected(std::move(more.error()));
    if (!*more) return std::optional<Row>{};
    base::Result<Row> row = read(query);
    if (!row) return tl::unexpected(std::move(row.error()));
    return std::optional<Row>(std::move(*row));
}

}  // namespace shoumen::store

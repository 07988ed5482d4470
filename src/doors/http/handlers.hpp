// The handlers of the routes, by subject: each reads the request, asks the Desk or the Intake, and answers.
#pragma once
#include <memory>

#include "routes.hpp"

namespace shoumen::doors::http {

using CallPtr = std::shared_ptr<Call>;

// handlers_session.cpp
void sign_in(Door& door, const CallPtr& call);
void second_step(Door& door, const CallPtr& call);
void get_session(Door& door, const CallPtr& call);
void sign_out(Door& door, const CallPtr& call);
void change_password(Door& door, const CallPtr& call);

void get_second_factor(Door& door, const CallPtr& call);
void begin_second_factor(Door& door, const CallPtr& call);
void confirm_second_factor(Door& door, const CallPtr& call);
void remove_second_factor(Door& door, const CallPtr& call);

// handlers_ways_in.cpp
void get_ways_in(Door& door, const CallPtr& call);
void send_code(Door& door, const CallPtr& call);
void sign_in_by_code(Door& door, const CallPtr& call);
void begin_sign_on(Door& door, const CallPtr& call);
void finish_sign_on(Door& door, const CallPtr& call);
void get_account_ways(Door& door, const CallPtr& call);
void set_phone(Door& door, const CallPtr& call);
void remove_phone(Door& door, const CallPtr& call);
void link_sign_on(Door& door, const CallPtr& call);
void unlink_sign_on(Door& door, const CallPtr& call);

// handlers_wider_sight.cpp
void list_wider_sights(Door& door, const CallPtr& call);
void open_wider(Door& door, const CallPtr& call);
void close_wider(Door& door, const CallPtr& call);

// handlers_roster.cpp
void get_coverage(Door& door, const CallPtr& call);
void get_roster(Door& door, const CallPtr& call);

// handlers_incidents.cpp
void list_incidents(Door& door, const CallPtr& call);
void get_incident(Door& door, const CallPtr& call);
void report_incident(Door& door, const CallPtr& call);
void act_on_incident(Door& door, const CallPtr& call);
void add_evidence(Door& door, const CallPtr& call);
void show_incident(Door& door, const CallPtr& call);
void get_evidence(Door& door, const CallPtr& call);

// handlers_community.cpp
void list_quarantine(Door& door, const CallPtr& call);
void list_devices(Door& door, const CallPtr& call);
void list_precision(Door& door, const CallPtr& call);
void certify_device(Door& door, const CallPtr& call);
void issue_device_token(Door& door, const CallPtr& call);
void rotate_device_token(Door& door, const CallPtr& call);
void revoke_device_tokens(Door& door, const CallPtr& call);
void command_device(Door& door, const CallPtr& call);
void list_kept_devices(Door& door, const CallPtr& call);
void import_devices(Door& door, const CallPtr& call);
void get_kept_device(Door& door, const CallPtr& call);
void put_kept_device(Door& door, const CallPtr& call);
void move_device(Door& door, const CallPtr& call);
void list_tray(Door& door, const CallPtr& call);
void take_in_device(Door& door, const CallPtr& call);
void leave_device(Door& door, const CallPtr& call);
void list_work(Door& door, const CallPtr& call);
void work_on(Door& door, const CallPtr& call);
void list_rounds(Door& door, const CallPtr& call);
void plan_round(Door& door, const CallPtr& call);
void get_round(Door& door, const CallPtr& call);
void tick_device(Door& door, const CallPtr& call);
void end_round(Door& door, const CallPtr& call);
void list_quiet(Door& door, const CallPtr& call);
void begin_quiet(Door& door, const CallPtr& call);
void end_quiet(Door& door, const CallPtr& call);
void get_upkeep_figures(Door& door, const CallPtr& call);
void list_acts(Door& door, const CallPtr& call);
void get_policy(Door& door, const CallPtr& call);
void add_account(Door& door, const CallPtr& call);

// handlers_accounts.cpp
void list_accounts(Door& door, const CallPtr& call);
void get_account(Door& door, const CallPtr& call);
void give_role(Door& door, const CallPtr& call);
void end_role(Door& door, const CallPtr& call);
void reset_password(Door& door, const CallPtr& call);
void unlock_account(Door& door, const CallPtr& call);
void leave_account(Door& door, const CallPtr& call);
void reset_second_factor(Door& door, const CallPtr& call);
void list_sessions(Door& door, const CallPtr& call);
void end_session(Door& door, const CallPtr& call);
void end_sessions(Door& door, const CallPtr& call);
void list_tokens(Door& door, const CallPtr& call);
void make_token(Door& door, const CallPtr& call);
void revoke_token(Door& door, const CallPtr& call);
void list_delegations(Door& door, const CallPtr& call);
void give_delegation(Door& door, const CallPtr& call);
void end_delegation(Door& door, const CallPtr& call);

// handlers_persons.cpp
void list_persons(Door& door, const CallPtr& call);
void find_persons(Door& door, const CallPtr& call);
void import_persons(Door& door, const CallPtr& call);
void get_person(Door& door, const CallPtr& call);
void put_person(Door& door, const CallPtr& call);
void show_person(Door& door, const CallPtr& call);
void get_kept(Door& door, const CallPtr& call);
void take_out_kept(Door& door, const CallPtr& call);
void erase_person(Door& door, const CallPtr& call);

// handlers_rules.cpp
void list_rules(Door& door, const CallPtr& call);
void activate_policy(Door& door, const CallPtr& call);
// handlers_maps.cpp
void post_telemetry(Door& door, const CallPtr& call);
void post_attributes(Door& door, const CallPtr& call);
void push_event(Door& door, const CallPtr& call);
void try_map(Door& door, const CallPtr& call);

void check_policy(Door& door, const CallPtr& call);
void try_policy(Door& door, const CallPtr& call);
void get_policy_files(Door& door, const CallPtr& call);
void list_policy_versions(Door& door, const CallPtr& call);
void list_tasks(Door& door, const CallPtr& call);
void get_task(Door& door, const CallPtr& call);
void cancel_task(Door& door, const CallPtr& call);

// handlers_ledger.cpp
void get_ledger(Door& door, const CallPtr& call);
void get_retention(Door& door, const CallPtr& call);
void get_receipt(Door& door, const CallPtr& call);
void post_cosignature(Door& door, const CallPtr& call);
void post_witness_report(Door& door, const CallPtr& call);

// handlers_system.cpp
void get_live(Door& door, const CallPtr& call);
void get_health(Door& door, const CallPtr& call);
void get_openapi(Door& door, const CallPtr& call);
void get_errors(Door& door, const CallPtr& call);
void get_metrics(Door& door, const CallPtr& call);
void live_without_websocket(Door& door, const CallPtr& call);

// signals.cpp
void post_signals(Door& door, const CallPtr& call);

}  // namespace shoumen::doors::http

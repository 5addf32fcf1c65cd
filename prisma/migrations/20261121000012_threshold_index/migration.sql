-- Who has used so much of a threshold is found without a look at the subscriptions themselves, of which many have none.
create index concurrently subscription_threshold on subscription(root_provider_id, organization_id)
  include (call_threshold, threshold_period, provider_path) where superseded_at is null and call_threshold is not null;

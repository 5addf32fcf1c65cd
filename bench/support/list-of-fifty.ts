const query = `query ($first: Int!) {
  organizations(first: $first) {
    nodes {
      id name
      subscription { plan status endsAt }
      apiKey { status maskedKey version lastModifiedAt lastModifiedBy { displayName } }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** The request that a dashboard makes most. */
export const listOfFifty = JSON.stringify({ query, variables: { first: 50 } });

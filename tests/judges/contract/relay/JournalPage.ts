// A page of the journal and the writing of one mark: what comes back lands in the store by its id.
declare function graphql(strings: TemplateStringsArray): unknown;

graphql`
  query JournalPageQuery($id: ID!) {
    node(id: $id) {
      ...JournalPage_journal @alias
    }
  }
`;

graphql`
  fragment JournalPage_journal on Journal @refetchable(queryName: "JournalPageRefetchQuery") {
    className
    subject {
      name
    }
    lessons {
      id
      heldOn
      topic
      viewerCan {
        writeMarks {
          allowed
          because
          until
        }
      }
    }
    lines {
      id
      ...JournalPage_line
    }
  }
`;

graphql`
  fragment JournalPage_line on JournalLine {
    studentName
    mean
    marks {
      id
      value
      version
    }
  }
`;

graphql`
  mutation JournalPageWriteMarkMutation($input: WriteMarkInput!) @raw_response_type {
    writeMark(input: $input) {
      mark {
        id
        value
        version
      }
      line {
        id
        ...JournalPage_line
      }
      userErrors {
        __typename
        code
        message
        path
        ... on WindowClosed {
          closedAt
          reopenableBy
        }
        ... on VersionConflict {
          currentVersion
        }
      }
    }
  }
`;

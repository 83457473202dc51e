// A pupil's diary as a Relay application asks for it: a page of lines at a time, each line a fragment of its own.
declare function graphql(strings: TemplateStringsArray): unknown;

graphql`
  query DiaryPageQuery {
    me {
      children {
        id
        ...DiaryPage_student
      }
    }
  }
`;

graphql`
  fragment DiaryPage_student on Student
  @refetchable(queryName: "DiaryPagePaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
    displayName
    journalLines(first: $count, after: $cursor) @connection(key: "DiaryPage_journalLines") {
      edges {
        node {
          id
          ...DiaryPage_line
        }
      }
    }
  }
`;

graphql`
  fragment DiaryPage_line on JournalLine {
    mean
    journal {
      subject {
        name
      }
      gradingPeriod {
        name
      }
    }
    marks {
      value
      weight
      heldOn
    }
    attendance {
      heldOn
      code
      note
    }
  }
`;

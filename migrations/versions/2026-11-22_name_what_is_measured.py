"""Name what is measured: tables of the catalogue, of observations with their versions, and of stored ratings."""

from alembic import op

revision = "2026_11_22_11"
down_revision = "2026_11_22_10"
branch_labels = None
depends_on = None

CREATED = [
    """
      CREATE TABLE catalogue_source (
        id UUID DEFAULT uuidv7() NOT NULL,
        code VARCHAR NOT NULL,
        name VARCHAR NOT NULL,
        english_name VARCHAR NOT NULL,
        issued_on DATE,
        PRIMARY KEY (id),
        UNIQUE (code)
      )
    """,
    """
      CREATE TABLE indicator (
        id UUID DEFAULT uuidv7() NOT NULL,
        code VARCHAR NOT NULL,
        name VARCHAR NOT NULL,
        english_name VARCHAR NOT NULL,
        unit VARCHAR(40) NOT NULL,
        direction VARCHAR(40) NOT NULL,
        decimals INTEGER NOT NULL,
        unit_counted VARCHAR(40) NOT NULL,
        periodicity VARCHAR(40) NOT NULL,
        measures VARCHAR(40) NOT NULL,
        definition VARCHAR(40) NOT NULL,
        organisation_kind VARCHAR(40),
        numerator VARCHAR,
        denominator VARCHAR,
        sources TEXT[] DEFAULT '{}' NOT NULL,
        same_name VARCHAR,
        minimum NUMERIC,
        goal NUMERIC,
        due DATE,
        PRIMARY KEY (id),
        UNIQUE (code),
        CONSTRAINT unit_word CHECK (unit IN ('PERCENT', 'POINTS', 'INDEX', 'COUNT')),
        CONSTRAINT direction_word CHECK (direction IN ('HIGHER_IS_BETTER', 'LOWER_IS_BETTER')),
        CONSTRAINT unitcounted_word CHECK (unit_counted IN ('HEAD', 'HEAD_AND_BRANCH', 'PERSON', 'NONE')),
        CONSTRAINT periodicity_word CHECK (periodicity IN ('ONCE', 'WEEKLY', 'MONTHLY', 'GRADING_PERIOD', 'YEARLY')),
        CONSTRAINT measures_word CHECK (measures IN ('USED', 'PROVIDED', 'ASSESSED')),
        CONSTRAINT definition_word CHECK (definition IN ('PUBLISHED', 'OURS'))
      )
    """,
    """
      CREATE TABLE indicator_target (
        id UUID DEFAULT uuidv7() NOT NULL,
        indicator_id UUID NOT NULL,
        source_id UUID NOT NULL,
        year INTEGER NOT NULL,
        value NUMERIC NOT NULL,
        status VARCHAR(40) NOT NULL,
        periodicity VARCHAR(40) NOT NULL,
        due DATE NOT NULL,
        note VARCHAR,
        PRIMARY KEY (id),
        FOREIGN KEY(indicator_id) REFERENCES indicator (id) ON DELETE RESTRICT,
        FOREIGN KEY(source_id) REFERENCES catalogue_source (id) ON DELETE RESTRICT,
        CONSTRAINT targetstatus_word CHECK (status IN ('FIRM', 'REFERENCE')),
        CONSTRAINT target_periodicity_word CHECK (periodicity IN ('ONCE', 'WEEKLY', 'MONTHLY', 'GRADING_PERIOD', 'YEARLY'))
      )
    """,
    """
      CREATE INDEX ix_indicator_target_indicator_id ON indicator_target (indicator_id)
    """,
    """
      CREATE INDEX ix_indicator_target_source_id ON indicator_target (source_id)
    """,
    """
      CREATE TABLE indicator_baseline (
        id UUID DEFAULT uuidv7() NOT NULL,
        indicator_id UUID NOT NULL,
        source_id UUID NOT NULL,
        value NUMERIC NOT NULL,
        counted_on VARCHAR NOT NULL,
        PRIMARY KEY (id),
        FOREIGN KEY(indicator_id) REFERENCES indicator (id) ON DELETE RESTRICT,
        FOREIGN KEY(source_id) REFERENCES catalogue_source (id) ON DELETE RESTRICT
      )
    """,
    """
      CREATE INDEX ix_indicator_baseline_indicator_id ON indicator_baseline (indicator_id)
    """,
    """
      CREATE INDEX ix_indicator_baseline_source_id ON indicator_baseline (source_id)
    """,
    """
      CREATE TABLE catalogue_remark (
        id UUID DEFAULT uuidv7() NOT NULL,
        indicator_id UUID,
        code VARCHAR NOT NULL,
        place VARCHAR NOT NULL,
        message VARCHAR NOT NULL,
        english_message VARCHAR NOT NULL,
        PRIMARY KEY (id),
        FOREIGN KEY(indicator_id) REFERENCES indicator (id) ON DELETE RESTRICT
      )
    """,
    """
      CREATE INDEX ix_catalogue_remark_indicator_id ON catalogue_remark (indicator_id)
    """,
    """
      CREATE TABLE procedure_group (
        id UUID DEFAULT uuidv7() NOT NULL,
        code VARCHAR NOT NULL,
        position INTEGER NOT NULL,
        name VARCHAR NOT NULL,
        english_name VARCHAR NOT NULL,
        PRIMARY KEY (id),
        UNIQUE (code)
      )
    """,
    """
      CREATE TABLE procedure (
        id UUID DEFAULT uuidv7() NOT NULL,
        number INTEGER NOT NULL,
        group_id UUID NOT NULL,
        name VARCHAR NOT NULL,
        federal_number INTEGER,
        track VARCHAR,
        PRIMARY KEY (id),
        UNIQUE (number),
        FOREIGN KEY(group_id) REFERENCES procedure_group (id) ON DELETE RESTRICT
      )
    """,
    """
      CREATE INDEX ix_procedure_group_id ON procedure (group_id)
    """,
    """
      CREATE TABLE procedure_indicator (
        id UUID DEFAULT uuidv7() NOT NULL,
        procedure_id UUID NOT NULL,
        indicator_id UUID NOT NULL,
        definition VARCHAR(40) NOT NULL,
        PRIMARY KEY (id),
        UNIQUE (procedure_id, indicator_id),
        FOREIGN KEY(procedure_id) REFERENCES procedure (id) ON DELETE RESTRICT,
        FOREIGN KEY(indicator_id) REFERENCES indicator (id) ON DELETE RESTRICT,
        CONSTRAINT procedure_indicator_definition_word CHECK (definition IN ('PUBLISHED', 'OURS'))
      )
    """,
    """
      CREATE INDEX ix_procedure_indicator_indicator_id ON procedure_indicator (indicator_id)
    """,
    """
      CREATE TABLE methodology (
        id UUID DEFAULT uuidv7() NOT NULL,
        code VARCHAR NOT NULL,
        version VARCHAR NOT NULL,
        digest VARCHAR NOT NULL,
        status VARCHAR(40) NOT NULL,
        name VARCHAR NOT NULL,
        english_name VARCHAR NOT NULL,
        source VARCHAR NOT NULL,
        valid_from DATE NOT NULL,
        text VARCHAR NOT NULL,
        PRIMARY KEY (id),
        UNIQUE (code, version),
        CONSTRAINT status_word CHECK (status IN ('PUBLISHED', 'OWN', 'SYNTHETIC'))
      )
    """,
    """
      CREATE TABLE methodology_section (
        id UUID DEFAULT uuidv7() NOT NULL,
        methodology_id UUID NOT NULL,
        code VARCHAR NOT NULL,
        position INTEGER NOT NULL,
        name VARCHAR NOT NULL,
        english_name VARCHAR NOT NULL,
        maximum VARCHAR,
        PRIMARY KEY (id),
        UNIQUE (methodology_id, code),
        FOREIGN KEY(methodology_id) REFERENCES methodology (id) ON DELETE RESTRICT
      )
    """,
    """
      CREATE TABLE methodology_level (
        id UUID DEFAULT uuidv7() NOT NULL,
        methodology_id UUID NOT NULL,
        code VARCHAR NOT NULL,
        position INTEGER NOT NULL,
        name VARCHAR NOT NULL,
        english_name VARCHAR NOT NULL,
        colour VARCHAR(40),
        PRIMARY KEY (id),
        UNIQUE (methodology_id, code),
        FOREIGN KEY(methodology_id) REFERENCES methodology (id) ON DELETE RESTRICT
      )
    """,
    """
      CREATE TABLE methodology_input (
        id UUID DEFAULT uuidv7() NOT NULL,
        methodology_id UUID NOT NULL,
        indicator_id UUID NOT NULL,
        position INTEGER NOT NULL,
        group_code VARCHAR NOT NULL,
        name VARCHAR NOT NULL,
        english_name VARCHAR NOT NULL,
        weight VARCHAR NOT NULL,
        maximum VARCHAR,
        PRIMARY KEY (id),
        UNIQUE (methodology_id, indicator_id),
        FOREIGN KEY(methodology_id) REFERENCES methodology (id) ON DELETE RESTRICT,
        FOREIGN KEY(indicator_id) REFERENCES indicator (id) ON DELETE RESTRICT
      )
    """,
    """
      CREATE INDEX ix_methodology_input_indicator_id ON methodology_input (indicator_id)
    """,
    r"""
      CREATE TABLE observation (
        version INTEGER DEFAULT '1' NOT NULL,
        recorded_by_id UUID,
        assignment_id UUID,
        role VARCHAR(40),
        recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        reason VARCHAR,
        origin VARCHAR(40) DEFAULT 'ENTERED' NOT NULL,
        import_run_id UUID,
        id UUID DEFAULT uuidv7() NOT NULL,
        indicator_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        period VARCHAR NOT NULL,
        value_numerator NUMERIC,
        value_denominator NUMERIC,
        shown VARCHAR,
        numerator NUMERIC,
        denominator NUMERIC,
        no_data VARCHAR(40),
        provenance VARCHAR(40) DEFAULT 'ENTERED' NOT NULL,
        source VARCHAR,
        PRIMARY KEY (id),
        CONSTRAINT observation_place UNIQUE (organisation_id, indicator_id, period),
        CONSTRAINT observation_value CHECK ((value_numerator is null) = (value_denominator is null) and (value_numerator is null) = (no_data is not null) and (value_denominator is null or value_denominator > 0)),
        CONSTRAINT observation_counts CHECK ((numerator is null) = (denominator is null)),
        CONSTRAINT observation_period CHECK (period ~ '^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-W(0[1-9]|[1-4]\d|5[0-3]))?(/\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-W(0[1-9]|[1-4]\d|5[0-3]))?)?$'),
        FOREIGN KEY(indicator_id) REFERENCES indicator (id) ON DELETE RESTRICT,
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT
      )
    """,
    """
      CREATE INDEX ix_observation_indicator ON observation (indicator_id, period)
    """,
    r"""
      CREATE TABLE observation_version (
        version INTEGER DEFAULT '1' NOT NULL,
        recorded_by_id UUID,
        assignment_id UUID,
        role VARCHAR(40),
        reason VARCHAR,
        origin VARCHAR(40) DEFAULT 'ENTERED' NOT NULL,
        import_run_id UUID,
        id UUID DEFAULT uuidv7() NOT NULL,
        indicator_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        period VARCHAR NOT NULL,
        value_numerator NUMERIC,
        value_denominator NUMERIC,
        shown VARCHAR,
        numerator NUMERIC,
        denominator NUMERIC,
        no_data VARCHAR(40),
        provenance VARCHAR(40) DEFAULT 'ENTERED' NOT NULL,
        source VARCHAR,
        observation_id UUID DEFAULT uuidv7() NOT NULL,
        recorded_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT observation_version_place UNIQUE (organisation_id, indicator_id, period, version),
        CONSTRAINT observation_version_value CHECK ((value_numerator is null) = (value_denominator is null) and (value_numerator is null) = (no_data is not null) and (value_denominator is null or value_denominator > 0)),
        CONSTRAINT observation_version_counts CHECK ((numerator is null) = (denominator is null)),
        CONSTRAINT observation_version_period CHECK (period ~ '^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-W(0[1-9]|[1-4]\d|5[0-3]))?(/\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-W(0[1-9]|[1-4]\d|5[0-3]))?)?$'),
        CONSTRAINT observation_version_number CHECK (version > 0),
        FOREIGN KEY(indicator_id) REFERENCES indicator (id) ON DELETE RESTRICT,
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT
      )
    """,
    """
      CREATE INDEX ix_observation_version_indicator ON observation_version (indicator_id, period, organisation_id, version)
    """,
    """
      CREATE INDEX ix_observation_version_observation ON observation_version (observation_id, version)
    """,
    r"""
      CREATE TABLE observation_approval (
        id UUID DEFAULT uuidv7() NOT NULL,
        indicator_id UUID NOT NULL,
        organisation_id UUID NOT NULL,
        period VARCHAR NOT NULL,
        action VARCHAR(40) NOT NULL,
        reason VARCHAR,
        decided_by_id UUID,
        assignment_id UUID,
        role VARCHAR(40),
        decided_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT observation_approval_period CHECK (period ~ '^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-W(0[1-9]|[1-4]\d|5[0-3]))?(/\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-W(0[1-9]|[1-4]\d|5[0-3]))?)?$'),
        CONSTRAINT observation_approval_reason CHECK (action = 'APPROVE' or reason is not null),
        FOREIGN KEY(indicator_id) REFERENCES indicator (id) ON DELETE RESTRICT,
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
        CONSTRAINT approvalaction_word CHECK (action IN ('APPROVE', 'UNLOCK'))
      )
    """,
    """
      CREATE INDEX ix_observation_approval_indicator_id ON observation_approval (indicator_id)
    """,
    """
      CREATE INDEX ix_observation_approval_place ON observation_approval (organisation_id, indicator_id, period, decided_at)
    """,
    r"""
      CREATE TABLE rating (
        id UUID DEFAULT uuidv7() NOT NULL,
        methodology_id UUID NOT NULL,
        methodology_code VARCHAR NOT NULL,
        methodology_digest VARCHAR NOT NULL,
        period VARCHAR NOT NULL,
        region_id UUID,
        rated_kind VARCHAR(40) NOT NULL,
        version INTEGER NOT NULL,
        previous_id UUID,
        inputs_digest VARCHAR NOT NULL,
        digest VARCHAR NOT NULL,
        canonical BYTEA NOT NULL,
        known_at TIMESTAMP WITH TIME ZONE NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        created_by_id UUID,
        assignment_id UUID,
        role VARCHAR(40),
        PRIMARY KEY (id),
        CONSTRAINT rating_version UNIQUE NULLS NOT DISTINCT (methodology_code, period, region_id, rated_kind, version),
        CONSTRAINT rating_period CHECK (period ~ '^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-W(0[1-9]|[1-4]\d|5[0-3]))?(/\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-W(0[1-9]|[1-4]\d|5[0-3]))?)?$'),
        CONSTRAINT rating_number CHECK (version > 0),
        FOREIGN KEY(methodology_id) REFERENCES methodology (id) ON DELETE RESTRICT,
        FOREIGN KEY(region_id) REFERENCES organisation (id) ON DELETE RESTRICT,
        CONSTRAINT organisationkind_word CHECK (rated_kind IN ('REGION', 'MUNICIPALITY', 'EDUCATION_AUTHORITY', 'SCHOOL', 'PRESCHOOL', 'VOCATIONAL', 'EXTRA_EDUCATION')),
        FOREIGN KEY(previous_id) REFERENCES rating (id) ON DELETE RESTRICT
      )
    """,
    """
      CREATE INDEX ix_rating_methodology_id ON rating (methodology_id)
    """,
    """
      CREATE INDEX ix_rating_region ON rating (region_id, created_at)
    """,
    """
      CREATE TABLE rating_entry (
        id UUID DEFAULT uuidv7() NOT NULL,
        rating_id UUID NOT NULL,
        section VARCHAR NOT NULL,
        section_position INTEGER NOT NULL,
        position INTEGER NOT NULL,
        organisation_id UUID NOT NULL,
        rated_name VARCHAR NOT NULL,
        points_numerator NUMERIC,
        points_denominator NUMERIC,
        points_shown VARCHAR,
        maximum_numerator NUMERIC,
        maximum_denominator NUMERIC,
        percent_numerator NUMERIC,
        percent_denominator NUMERIC,
        percent_shown VARCHAR,
        level_id UUID,
        rank INTEGER,
        tied INTEGER NOT NULL,
        known INTEGER NOT NULL,
        needed INTEGER NOT NULL,
        PRIMARY KEY (id),
        UNIQUE (rating_id, section, position),
        UNIQUE (rating_id, section, organisation_id),
        CONSTRAINT rating_entry_rank CHECK (rank is null or rank > 0),
        FOREIGN KEY(rating_id) REFERENCES rating (id) ON DELETE RESTRICT,
        FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE RESTRICT,
        FOREIGN KEY(level_id) REFERENCES methodology_level (id) ON DELETE RESTRICT
      )
    """,
    """
      CREATE INDEX ix_rating_entry_level_id ON rating_entry (level_id)
    """,
    """
      CREATE INDEX ix_rating_entry_organisation ON rating_entry (organisation_id, rating_id)
    """,
    """
      CREATE TABLE rating_remark (
        id UUID DEFAULT uuidv7() NOT NULL,
        rating_id UUID NOT NULL,
        entry_id UUID,
        position INTEGER NOT NULL,
        code VARCHAR NOT NULL,
        place VARCHAR NOT NULL,
        message VARCHAR NOT NULL,
        english_message VARCHAR NOT NULL,
        PRIMARY KEY (id),
        FOREIGN KEY(rating_id) REFERENCES rating (id) ON DELETE RESTRICT,
        FOREIGN KEY(entry_id) REFERENCES rating_entry (id) ON DELETE RESTRICT
      )
    """,
    """
      CREATE INDEX ix_rating_remark_entry_id ON rating_remark (entry_id)
    """,
    """
      CREATE INDEX ix_rating_remark_rating_id ON rating_remark (rating_id)
    """,
]


def upgrade() -> None:
    for statement in CREATED:
        op.execute(statement)


def downgrade() -> None:
    op.execute(
        "drop table rating_remark, rating_entry, rating, observation_approval, observation_version, observation,"
        " methodology_input, methodology_level, methodology_section, methodology, procedure_indicator, procedure,"
        " procedure_group, catalogue_remark, indicator_baseline, indicator_target, indicator, catalogue_source"
    )

//! Surprises: rewards that come by chance, drawn from a seed that an auditor can check afterwards.

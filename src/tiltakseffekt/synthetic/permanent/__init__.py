"""The permanent measures, laid over finished lives: varig lønnstilskudd and varig tilrettelagt arbeid."""
